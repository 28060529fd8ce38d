"""Certificates: whether they may be issued, numbers, awards, grades, looking up, printing."""
