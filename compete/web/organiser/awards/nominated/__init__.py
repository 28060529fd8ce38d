"""Awards that are given by hand: nominated by one, granted by two, and which there are."""
