"""Use cases, named with verbs; the only place that opens and commits a transaction."""
