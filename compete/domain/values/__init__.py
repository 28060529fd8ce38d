"""The small values everything is made of: points, words, states, roles, messages, hashes."""
