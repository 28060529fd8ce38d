"""Where a department enters its indicators, and a unit its self-assessment."""
