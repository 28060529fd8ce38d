"""The second of two persons: who counts now, and how it is done on the same day."""
