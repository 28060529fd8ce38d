"""Figures over many competitions: the year on one page, and six pages of charts with tables."""
