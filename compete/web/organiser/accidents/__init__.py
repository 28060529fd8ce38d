"""Accidents that units reported of themselves: what two persons make of them."""
