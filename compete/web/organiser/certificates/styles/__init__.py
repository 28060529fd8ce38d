"""Words and look of award certificates, and a specimen of them."""
