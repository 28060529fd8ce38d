"""Entry by people themselves from a phone: the switch, its address, its poster."""
