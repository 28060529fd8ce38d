"""Changes of the squares of a labour competition, by whom."""
