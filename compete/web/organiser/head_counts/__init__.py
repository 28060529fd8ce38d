"""How many workers of each unit take part in a labour competition."""
