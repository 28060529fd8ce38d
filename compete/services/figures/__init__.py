"""Figures over many competitions: counted from kept sums, small groups put together."""
