"""Since when each unit of a labour competition counts days without an accident."""
