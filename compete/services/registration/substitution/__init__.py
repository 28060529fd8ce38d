"""Substitution: somebody takes the place of one of a unit's people: asked, undone, accepted."""
