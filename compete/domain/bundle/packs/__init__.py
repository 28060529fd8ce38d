"""The rule packs that ship with the project, as data: no code has a competition's number in it."""
