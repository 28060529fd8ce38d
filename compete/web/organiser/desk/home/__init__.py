"""The desk's home: what waits for whoever looks, over all competitions, and their list."""
