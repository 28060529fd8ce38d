"""People of a competition: workbooks looked at first, then written; their list and their pages."""
