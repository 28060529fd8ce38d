"""People, organisations, experts, and what administrators keep: occupations, ladders, holidays."""
