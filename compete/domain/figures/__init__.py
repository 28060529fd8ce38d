"""Figures over many people: what of them may be told without telling of a few."""
