"""Rewards: what is due to people by pay rules, and points that they earn by rules."""
