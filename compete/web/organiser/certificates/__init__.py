"""Certificates issued, printed, looked up and revoked."""
