"""A unit's own page under its link: its people entered, handed in, followed."""
