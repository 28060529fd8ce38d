"""申诉: filed in time, decided by arbiters on the matter alone, carried out by the chief judge."""
