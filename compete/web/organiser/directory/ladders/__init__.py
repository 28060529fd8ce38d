"""等级体系: the table of grade ladders, each one's rungs, workbooks of it."""
