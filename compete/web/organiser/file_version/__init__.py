"""Which version of the file format a competition goes by, and how one under way moves on."""
