"""Tools that `make` calls: checks, catalogues, scripts. Not part of the installed program."""
