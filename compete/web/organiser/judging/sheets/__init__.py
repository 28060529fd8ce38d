"""The sheet of one judge on the desk."""
