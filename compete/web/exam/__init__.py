"""The examination in a hall: the candidate's page and its calls."""
