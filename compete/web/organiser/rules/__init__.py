"""Rules of events: set up as forms, and changed once judging has begun."""
