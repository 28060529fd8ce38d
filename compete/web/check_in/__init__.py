"""The page of the check-in clerk: who comes, what they bring, and whether it is really them."""
