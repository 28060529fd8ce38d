"""Closing: from the last mark to locked ones: decisions, locks, re-checks, paper, grades."""
