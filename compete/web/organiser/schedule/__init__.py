"""Draws and timetables, judges and their seats, and who has arrived."""
