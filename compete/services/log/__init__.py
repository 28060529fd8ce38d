"""The log that anyone can check: taking in what the chains tell, signing it, proving it."""
