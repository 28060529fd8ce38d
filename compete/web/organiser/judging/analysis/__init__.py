"""Judges judged: reliability and severity, module by module."""
