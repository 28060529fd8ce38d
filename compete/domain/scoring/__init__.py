"""Scoring: a whole competition from its bundle to its results, and again after one more mark."""
