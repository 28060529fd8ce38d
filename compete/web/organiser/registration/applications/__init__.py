"""Applications of units: accept, return; and the window in which units may enter people."""
