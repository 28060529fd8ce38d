"""What every use case stands on: the unit of work, the audit chain, refusals, rules, clocks."""

from compete.services.kernel import audit
from compete.services.kernel.audit import chain_head, verify_chain
from compete.services.kernel.clock import clock_text, date_text, local_today, local_zone, span_text
from compete.services.kernel.event_rules import (
    canonical_hash,
    definition_of,
    labour_of,
    module_of,
    read_rules,
    rules_of,
)
from compete.services.kernel.group_commit import GroupCommit
from compete.services.kernel.installation import fonts, public_url
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.work import connection_of, for_update, unit_of_work

__all__ = [
    "GroupCommit",
    "Refused",
    "audit",
    "canonical_hash",
    "chain_head",
    "check_text",
    "clock_text",
    "connection_of",
    "date_text",
    "definition_of",
    "fonts",
    "for_update",
    "labour_of",
    "local_today",
    "local_zone",
    "module_of",
    "public_url",
    "read_rules",
    "reason_text",
    "rules_of",
    "span_text",
    "unit_of_work",
    "verify_chain",
]
