"""Work that outlives its request: asked for once, done once, with its progress to be seen."""
