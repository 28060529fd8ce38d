"""Conditions of each event for its people, and the people who do not meet them."""
