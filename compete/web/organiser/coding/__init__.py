"""The coder's page: who stands behind which blind code."""
