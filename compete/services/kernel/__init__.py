"""What every use case stands on: the unit of work, the audit chain, refusals, rules, clocks."""
