"""Draws: prepared, held before everybody, shown on the big screen; and those held on paper."""
