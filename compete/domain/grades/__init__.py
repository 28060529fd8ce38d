"""Skill grades: the ladder, the conditions of a rule, and what a rule grants to whom."""
