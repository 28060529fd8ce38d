"""A labour competition run month by month: entered by rows one owns, signed off by departments.

Periods are closed, then corrected by two alone, and announced.
"""
