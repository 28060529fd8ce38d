"""The examination in a hall, and practice on a phone: the pages and their calls."""
