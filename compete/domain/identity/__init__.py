"""Identity on paper: ID numbers, organisations, telephones, certificate numbers.

And what a certificate is for: occupations and their codes.

Every check returns the cleaned value or raises `IdentityError`, whose
`message` says in the reader's language what is wrong and what is wanted.
"""
