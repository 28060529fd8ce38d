"""Accounts and rights: accounts, roles in a competition, sign-in cards and PINs."""
