"""Opening workbooks that strangers send, and writing ones that people open."""
