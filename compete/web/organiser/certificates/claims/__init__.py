"""Grades on other grounds: proposed with evidence, put up, decided, certified."""
