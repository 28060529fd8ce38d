"""实操练习: begun from a module, its codes, and its tries as they come in."""
