"""The progress board and what the chief judge does from it."""
