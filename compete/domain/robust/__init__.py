"""How firmly the results of an event stand: what one mark or judge would change, what a tie key."""
