"""A change to an event's rules once judging has begun: old beside new, agreed by two."""
