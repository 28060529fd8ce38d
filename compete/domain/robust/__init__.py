"""Robustness of an event's results: what one mark or judge would change, what a tie key."""
