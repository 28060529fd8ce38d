"""Entry of indicators by departments and of self-assessments by units."""
