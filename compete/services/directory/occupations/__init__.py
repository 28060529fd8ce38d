"""The catalogue of occupations of the installation."""
