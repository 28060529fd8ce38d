"""The hall's board as the desk runs it, and the floor of a day."""
