"""From the last mark to locked ones: decisions, locks, re-checks, paper, proposed grades."""
