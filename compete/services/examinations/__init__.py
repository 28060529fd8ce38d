"""Theory examinations in a hall: set up, sat, marked, put right, taken out as their file."""
