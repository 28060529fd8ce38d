"""The API for other systems, version 1: what it reads, and its description."""
