"""Aspects and their types: a file for each type."""
