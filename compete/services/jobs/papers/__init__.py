"""Long papers: printed at once while they are short, else by a job, and kept for who asked."""
