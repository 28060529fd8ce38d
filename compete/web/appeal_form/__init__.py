"""The page on which somebody appeals and follows it: from a badge, or from the unit's own page."""
