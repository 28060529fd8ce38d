"""The pictures of docs/rules.md, drawn from worked cases by the engine itself."""
