"""Marks that a tablet could not send."""
