"""How long a person's name may be, whoever it is and wherever it is written."""

from __future__ import annotations

LONGEST_NAME = 60
"""Characters; the longest names in use, of minorities and of foreigners, have some 40."""
