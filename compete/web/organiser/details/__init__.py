"""The page on which a competition's own details are set: dates, place, whom to ask, the notice."""
