"""The organisations of the installation: the tree, one of them, units not connected yet."""
