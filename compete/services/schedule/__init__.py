"""Schedule: expected people, draws, arrivals, judges' seats, sheets for who comes late."""
