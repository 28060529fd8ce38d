"""Somebody takes the place of one of a unit's people: asked for, taken back, accepted."""
