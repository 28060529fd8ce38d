"""Rules of an event changed once judging has begun: by three, without a look at who gains."""
