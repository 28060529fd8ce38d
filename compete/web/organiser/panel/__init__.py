"""The panel of one entrant, side by side."""
