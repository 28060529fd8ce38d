"""Honours that another body approves, with its document."""
