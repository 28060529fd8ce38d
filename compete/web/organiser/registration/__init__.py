"""The registration workbook: looked at first, then written."""
