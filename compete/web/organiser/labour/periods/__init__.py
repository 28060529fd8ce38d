"""The periods of a labour competition: closed, published, corrected."""
