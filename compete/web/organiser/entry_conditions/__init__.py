"""What each event asks of its people, and who does not meet it."""
