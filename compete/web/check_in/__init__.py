"""The check-in clerk's page: who comes, what they bring, whether it is they."""
