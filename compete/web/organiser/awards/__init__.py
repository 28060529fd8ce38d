"""Awards and proposed grades, decided and published."""
