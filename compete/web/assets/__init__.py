"""Stylesheets and scripts: many small files, sent as one and named by their content."""
