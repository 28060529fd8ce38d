"""专家库: the pool of the installation, its rows, and workbooks of it."""
