"""Judging: the board, sheets and panels, paper, blind codes, outcomes, recusal, re-check."""
