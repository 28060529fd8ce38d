"""Awards and proposed grades, decided and published; verdicts; awards of others and by hand."""
