"""Officials, what they mark, and their sign-in cards."""
