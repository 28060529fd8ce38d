"""One entrant's panel side by side."""
