"""Workers: the record of a person, the link to it, what the next grade wants."""
