"""The API: calls from the tablets' scripts."""
