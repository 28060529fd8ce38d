"""A log that anyone can check: a Merkle tree whose root, once printed, fixes all before it.

The tree is that of RFC 6962 (and RFC 9162) with SHA-256; roots are told as
checkpoints of C2SP (`signed-note`, `tlog-checkpoint`), proofs as C2SP's
`tlog-proof`. What may become a leaf stands in `leaves`: it never names anybody.

Nothing here knows where nodes are kept or who holds a key. Nodes come from a
reader function, signatures from a function that signs.
"""
