"""The desk's list of people checked in, late, not yet expected, absent."""
