"""The rules of tables over several events as a form; a change of them, agreed by two."""
