"""激励名单: schemes of organisations, their rules, the lists of months, points."""
