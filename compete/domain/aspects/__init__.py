"""What an aspect is and what its type makes of it: a file for each type."""
