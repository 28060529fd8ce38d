"""The page by which a tablet comes to trust this installation's certificate authority."""
