"""The list of competitions, and the page of one."""
