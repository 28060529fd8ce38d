"""What the types of a bundle can't say for themselves: one file per idea."""
