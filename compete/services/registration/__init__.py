"""Who takes part: workbooks previewed and written, people found, badges printed."""
