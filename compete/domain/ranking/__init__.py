"""Ranking, from module scores to places: stages, ties, final standings, items, teams and units."""
