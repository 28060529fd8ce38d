"""Sheets as they stand: acts, values, seals, locks in force, absences, blind codes, photos."""
