"""A competition out of the database as a bundle, scored, and how a row of it came about."""
