"""What people see: pages, and what the tablets call."""
