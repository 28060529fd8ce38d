"""Rules of an event: their form as a draft, saved, and changed by three once judging has begun."""
