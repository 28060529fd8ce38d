"""Registration: workbooks previewed and written, people found, badges printed."""
