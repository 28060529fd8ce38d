"""Accounts and what they may do; the second of two persons."""
