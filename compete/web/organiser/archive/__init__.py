"""Putting a competition away, and bringing it back."""
