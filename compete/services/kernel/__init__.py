"""Kernel: the base of all use cases: units of work, audit chain, refusals, rules, clocks."""
