"""Whether people enter themselves from a phone: switched on, its address, its poster."""
