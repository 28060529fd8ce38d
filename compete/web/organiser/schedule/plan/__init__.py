"""The plan of the days: rooms by sessions, laid out, drawn, and what of it is put right."""
