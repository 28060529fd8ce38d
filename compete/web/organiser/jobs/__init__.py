"""Jobs that run beside the pages: their progress, and their result."""
