"""Appeals (申诉): filed in time, decided by arbiters, carried out by the chief judge."""
