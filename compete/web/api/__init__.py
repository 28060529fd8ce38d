"""What the tablets' scripts call."""
