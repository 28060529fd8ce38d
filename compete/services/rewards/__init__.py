"""Rewards: schemes of organisations, what is due by the month, points of people."""
