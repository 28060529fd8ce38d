"""The list of contestants and their badges."""
