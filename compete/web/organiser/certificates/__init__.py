"""Certificates issued, printed, looked up and revoked; grades on other grounds; a new version."""
