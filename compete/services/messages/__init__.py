"""Whom messages are for and what their fields stand for; what the clock has to tell."""
