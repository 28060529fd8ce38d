"""The verdicts of an evaluation."""
