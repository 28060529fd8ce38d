"""The standings of an event, live or as published."""
