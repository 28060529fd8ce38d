"""现场: the hall of a day by station, and many people's times moved at once."""
