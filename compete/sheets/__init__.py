"""Excel in and out: registration workbooks and result books.

Knows the domain and the file format only: no database, no web. `workbook`
opens files from strangers safely, `registration` writes, reads and plans
registrations, `results_workbook` writes standings and results.
"""
