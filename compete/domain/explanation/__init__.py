"""Explanations of a result, in sentences that can be said in any language."""
