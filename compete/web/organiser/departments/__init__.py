"""The departments of a labour competition, and who enters for them."""
