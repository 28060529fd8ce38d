"""The units of a competition: added, renamed, taken away."""
