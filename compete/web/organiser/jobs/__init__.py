"""What goes on beside the pages: how far it is, and where it ended."""
