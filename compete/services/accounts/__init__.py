"""Who may do what: accounts, roles in a competition, sign-in cards and PINs."""
