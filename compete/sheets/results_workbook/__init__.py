"""Results as tables: people, teams, units, single items, periods of a labour competition."""
