"""Awards and honours, dealt from the highest down."""
