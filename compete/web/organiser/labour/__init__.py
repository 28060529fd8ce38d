"""The standings of a labour competition."""
