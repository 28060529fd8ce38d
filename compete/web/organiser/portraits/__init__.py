"""Photos of people from a zip: taken in, matched, looked at, written."""
