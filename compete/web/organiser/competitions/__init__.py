"""Competitions: begun, set up in eight parts, their details, put away, personal data erased."""
