"""A panel as a whole: revealed marks, rulings, outliers, and how its judges judge."""
