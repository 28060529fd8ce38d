"""A month of a labour competition on one page: units by indicators."""
