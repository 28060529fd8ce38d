"""Marking schemes as workbooks: in the trade's form, and in the form of eleven columns."""
