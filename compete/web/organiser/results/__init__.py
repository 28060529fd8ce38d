"""State of each event's results: checked, under notice, final, corrected."""
