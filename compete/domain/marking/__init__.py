"""From a judge's value to a module score: aspects, sheets, panels, outcomes, penalties."""
