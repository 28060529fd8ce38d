"""Until when a labour competition's periods are entered, and who is missing."""
