"""The version of a competition's file format, and the move to a new one while it is under way."""
