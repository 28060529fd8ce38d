"""Marking, from a judge's value to a module score: aspects, panels, outcomes, penalties."""
