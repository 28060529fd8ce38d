"""The rules of a labour competition: shown with examples, changed by a workbook."""
