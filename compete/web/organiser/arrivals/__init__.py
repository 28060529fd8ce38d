"""The desk's list of who is checked in, late, not yet expected, absent."""
