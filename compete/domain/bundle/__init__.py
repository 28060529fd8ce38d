"""The bundle format: its types and packs, and reading, checking and writing a file."""
