"""Certificates and results as Open Badges 3.0, and what anyone can check of them offline.

A credential is a W3C Verifiable Credential 2.0. It goes out in two forms: as
JSON with an embedded `eddsa-jcs-2022` proof, which a few lines of script can
check, and as a JWT, which wallets take. Whether it still holds stands in
bitstring status lists; whose key it is, in a did:web document.

No ID number is in any of it, hashed or not: eighteen digits can be guessed.
"""
