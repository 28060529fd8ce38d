"""The hall's board as the desk runs it."""
