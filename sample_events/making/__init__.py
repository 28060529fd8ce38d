"""What `make.py` makes the sample competitions from. Everybody in them is invented."""
