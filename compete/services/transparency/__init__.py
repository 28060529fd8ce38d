"""The log that anyone can check: taking in what the chains tell, signing it, proving it."""

from compete.services.transparency.checking import check_against, check_leaves, check_log
from compete.services.transparency.keeping_up import keep_log_up
from compete.services.transparency.proving import (
    checkpoint_over,
    continued,
    leaf_of_publication,
    proof_of,
)
from compete.services.transparency.sequencing import (
    LOGGING,
    catch_up,
    catch_up_quietly,
    is_behind,
    then_logged,
)
from compete.services.transparency.store import (
    checkpoint_at,
    entries,
    kept_tile,
    newest_checkpoint,
    newest_checkpoints,
    require_leaf,
    verifier_key,
)

__all__ = [
    "LOGGING",
    "catch_up",
    "catch_up_quietly",
    "check_against",
    "check_leaves",
    "check_log",
    "checkpoint_at",
    "checkpoint_over",
    "continued",
    "entries",
    "is_behind",
    "keep_log_up",
    "kept_tile",
    "leaf_of_publication",
    "newest_checkpoint",
    "newest_checkpoints",
    "proof_of",
    "require_leaf",
    "then_logged",
    "verifier_key",
]
