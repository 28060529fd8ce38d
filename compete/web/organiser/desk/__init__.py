"""The desk's home over all competitions, and the page of one: what waits, what comes next."""
