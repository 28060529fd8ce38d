"""What goes out to others: webhooks, and the deliveries that wait, are sent or are held back."""
