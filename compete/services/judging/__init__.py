"""Judging at the tablet: acts taken in, sheets shown, signed, sent back, handed over."""
