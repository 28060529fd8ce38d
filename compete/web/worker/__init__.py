"""The pages of a person's own record: by the link of their own, and by what they share."""
