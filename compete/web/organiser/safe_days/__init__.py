"""Safe days: since when each unit of a labour competition had no accident."""
