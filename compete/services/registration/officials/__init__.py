"""Judges and other officials of a competition: entered or taken from the pool, corrected."""
