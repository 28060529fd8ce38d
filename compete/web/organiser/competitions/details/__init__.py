"""The details of a competition, on their page: dates, place, whom to ask, the notice."""
