"""Awards: given by hand, given by other bodies, prize money, and whether any may be issued now."""
