"""Self-entry (个人报名): people enter themselves from a phone, under a link of their own."""
