"""Those whom units handed in: accepted, returned; and when units may enter people."""
