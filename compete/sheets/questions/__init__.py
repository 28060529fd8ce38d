"""Questions from files of other programs, turned into the rows of a workbook of questions."""
