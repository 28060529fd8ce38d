"""Theory examinations at the desk: set up, rooms and their boards, keys put right."""
