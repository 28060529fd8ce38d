"""The log that anyone can check: taking in what the chains tell, signing it, proving it."""

from compete.services.transparency.checking import check_against, check_leaves, check_log
from compete.services.transparency.proving import (
    Continued,
    checkpoint_over,
    continued,
    leaf_of_publication,
    proof_of,
)
from compete.services.transparency.sequencing import (
    catch_up,
    catch_up_quietly,
    is_behind,
    then_logged,
)
from compete.services.transparency.store import (
    LogBrokenError,
    checkpoint_at,
    leaf_contents,
    newest_checkpoint,
    read_nodes,
    require_leaf,
    verifier_key,
)

__all__ = [
    "Continued",
    "LogBrokenError",
    "catch_up",
    "catch_up_quietly",
    "check_against",
    "check_leaves",
    "check_log",
    "checkpoint_at",
    "checkpoint_over",
    "continued",
    "is_behind",
    "leaf_contents",
    "leaf_of_publication",
    "newest_checkpoint",
    "proof_of",
    "read_nodes",
    "require_leaf",
    "then_logged",
    "verifier_key",
]
