"""The rules of a labour competition as a form, with an example that is worked out beside it."""
