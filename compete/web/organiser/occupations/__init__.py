"""职业目录: the catalogue of occupations, its rows, workbooks of it, and what it proposes."""
