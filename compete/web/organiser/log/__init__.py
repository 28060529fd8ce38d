"""The log of changes: a sentence for each record of the audit chain."""
