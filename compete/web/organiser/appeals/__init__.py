"""申诉: what arbiters have to answer, on the matter alone; the chief judge carries it out."""
