"""Keys that sign what outsiders check: the log's checkpoints and the credentials.

Private keys are held here and nowhere below. The domain is given functions
that sign and functions that check.
"""
