"""The people of the installation: found, one of them, two records that may be one person."""
