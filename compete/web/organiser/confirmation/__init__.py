"""What will happen, before what one hand cannot take back."""
