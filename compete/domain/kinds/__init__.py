"""What a kind of competition is, said once: a file for each, asked by everyone above."""
