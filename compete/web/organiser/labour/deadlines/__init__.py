"""Deadlines of a labour competition's periods, and the people who are missing."""
