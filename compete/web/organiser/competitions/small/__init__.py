"""小比武: made on one page, its codes, and its marks as they come in."""
