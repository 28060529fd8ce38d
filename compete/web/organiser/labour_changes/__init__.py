"""Who wrote what into which square of a labour competition."""
