"""A competition as a whole: made, its rules set up, at a glance, put away, erased, demonstrated."""
