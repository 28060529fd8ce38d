"""The people and organisations of the installation, and what of competitions points to them."""
