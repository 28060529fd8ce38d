"""Why a result is what it is, in sentences that can be said in any language."""
