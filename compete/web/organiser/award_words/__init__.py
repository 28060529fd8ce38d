"""How award certificates are worded and look, and a specimen of them."""
