"""Paper sheets typed in by two."""
