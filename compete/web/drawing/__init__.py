"""Shapes as numbers, for the templates to draw in SVG."""
