"""A change to the rules of a labour competition: old beside new, agreed by two, what it moved."""
