"""Signing in and out, and PINs."""
