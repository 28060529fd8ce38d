"""Question banks: their list, questions and versions, workbooks, people, and files taken out."""
