"""Keeping an installation through everything: its keys, backups and generations."""

from compete.services.safekeeping import postgres
from compete.services.safekeeping.backing_up import back_up
from compete.services.safekeeping.facts import Facts, facts_in
from compete.services.safekeeping.generations import (
    Restored,
    begin_generation,
    database_answers,
    generation_now,
    lately_restored,
)
from compete.services.safekeeping.keys import check_value, settle_keys
from compete.services.safekeeping.manifest import SQLITE_FILE, KeepingError, Manifest
from compete.services.safekeeping.moving import copy_rows, refuse_unless_empty
from compete.services.safekeeping.restoring import (
    Place,
    Source,
    compare,
    look_through,
    place_for,
    put_beside,
    swap,
)
from compete.services.safekeeping.rotating import Rotated, rotate
from compete.services.safekeeping.sealed import check_passphrase, is_sealed, seal, unseal

__all__ = [
    "SQLITE_FILE",
    "Facts",
    "KeepingError",
    "Manifest",
    "Place",
    "Restored",
    "Rotated",
    "Source",
    "back_up",
    "begin_generation",
    "check_passphrase",
    "check_value",
    "compare",
    "copy_rows",
    "database_answers",
    "facts_in",
    "generation_now",
    "is_sealed",
    "lately_restored",
    "look_through",
    "place_for",
    "postgres",
    "put_beside",
    "refuse_unless_empty",
    "rotate",
    "seal",
    "settle_keys",
    "swap",
    "unseal",
]
