"""Checks of a bundle that its types can't make themselves: one file per idea."""
