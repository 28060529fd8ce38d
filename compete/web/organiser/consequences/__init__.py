"""What a new version leaves to be done: withdraw, replace or keep, one by one."""
