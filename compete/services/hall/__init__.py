"""The hall's board: its settings, its rank table, what goes on now, and snapshots of it."""
