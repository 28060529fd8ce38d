"""Consequences of a new version: withdraw, replace or keep certificates, one by one."""
