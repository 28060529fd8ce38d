"""审核: who meets the conditions of an evaluation, and of whom something is missing."""
