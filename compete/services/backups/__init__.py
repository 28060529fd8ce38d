"""Keeping an installation through everything: its keys, backups and generations."""
