"""How far the results of each event are: checked, under notice, final, corrected."""
