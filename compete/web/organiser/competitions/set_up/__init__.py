"""The set-up as a checklist of eight parts: what lacks, what came along, registration opened."""
