"""A labour competition: its standings, and how it is set up, entered, closed and corrected."""
