"""Reader of the sheets that people have: finds tables, understands columns, asks."""
