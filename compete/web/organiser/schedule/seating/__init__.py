"""裁判分工: the panels of a module, what stands between people, and a seating proposed."""
