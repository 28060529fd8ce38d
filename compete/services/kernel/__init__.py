"""What every use case stands on: the unit of work, the audit chain, refusals, rules, clocks."""

from compete.services.kernel import audit
from compete.services.kernel.audit import LAST_RECORD, chain_head, verify_chain
from compete.services.kernel.batch_seals import batch_seal, is_batch_seal
from compete.services.kernel.beginnings import begins
from compete.services.kernel.bounded_cache import Latest
from compete.services.kernel.chains import KnownChain, known_chains
from compete.services.kernel.clock import (
    clock_text,
    date_text,
    local_time,
    local_today,
    local_zone,
    moment_words,
    span_text,
)
from compete.services.kernel.competition_settings import (
    AppealRules,
    AskedTerms,
    ClashRules,
    DistinctionRule,
    EntryDeadline,
    GroundTerms,
    HonourNeed,
    LookRules,
    Money,
    SafeSince,
    SelfEntry,
    change_settings,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.event_rules import (
    definition_of,
    labour_of,
    ladder_of,
    module_of,
    module_title,
    own_name,
    read_rules,
    rules_kept,
    rules_of,
    still_says,
)
from compete.services.kernel.finding import competition_by_code, find, find_own, get_row
from compete.services.kernel.former_keys import first_look_up_key, form_now, is_keyed_hash
from compete.services.kernel.group_commit import GroupCommit
from compete.services.kernel.installation import (
    Installation,
    Page,
    address_of,
    config_here,
    fonts,
    installation_here,
    memory_of,
    reached_at,
    settle_installation,
    site_here,
)
from compete.services.kernel.labour_links import link_good_for
from compete.services.kernel.many_records import Said, record_many
from compete.services.kernel.module_keys import EntrantModule, EventModule
from compete.services.kernel.noted_elsewhere import (
    ChainRecord,
    publication_record,
    sightings,
    written_down,
)
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.outside_json import read_json
from compete.services.kernel.pinyin import name_key, search_keys, term_keys
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.resealing import seal_chain_anew
from compete.services.kernel.row_checks import RowFault, check_rows
from compete.services.kernel.row_seals import (
    insert_sealed,
    note,
    put_seals,
    seal_columns,
    seal_what_has_none,
)
from compete.services.kernel.slots_sorted import slot_order
from compete.services.kernel.taking_part import (
    crewed_in,
    standing_withdrawal,
    takes_part,
    withdrawn_codes,
)
from compete.services.kernel.text_limits import LONGEST_REASON, check_name, check_text, reason_text
from compete.services.kernel.transactions import (
    claimed,
    connection_of,
    for_update,
    statements_alone,
    unit_of_work,
)
from compete.services.kernel.versions import (
    CHECK_INS,
    Version,
    has_changed,
    is_writing,
    records_since,
    remembered,
    remembered_beside_check_ins,
    remembered_beside_marks,
    remembered_last,
    version_of,
)

__all__ = [
    "CHECK_INS",
    "LAST_RECORD",
    "LONGEST_REASON",
    "AppealRules",
    "AskedTerms",
    "ChainRecord",
    "ClashRules",
    "DistinctionRule",
    "EntrantModule",
    "EntryDeadline",
    "EventModule",
    "GroundTerms",
    "GroupCommit",
    "HonourNeed",
    "Installation",
    "KnownChain",
    "Latest",
    "LookRules",
    "Money",
    "Page",
    "Refusal",
    "Refused",
    "RowFault",
    "SafeSince",
    "Said",
    "SelfEntry",
    "Version",
    "address_of",
    "audit",
    "batch_seal",
    "begins",
    "chain_head",
    "change_settings",
    "check_name",
    "check_rows",
    "check_text",
    "claimed",
    "clock_text",
    "competition_by_code",
    "config_here",
    "connection_of",
    "crewed_in",
    "date_text",
    "definition_of",
    "distinction_rules_of",
    "find",
    "find_own",
    "first_look_up_key",
    "fonts",
    "for_update",
    "form_now",
    "get_row",
    "has_changed",
    "insert_sealed",
    "installation_here",
    "is_batch_seal",
    "is_keyed_hash",
    "is_writing",
    "known_chains",
    "labour_of",
    "ladder_of",
    "link_good_for",
    "local_time",
    "local_today",
    "local_zone",
    "memory_of",
    "module_of",
    "module_title",
    "moment_words",
    "name_key",
    "note",
    "own_name",
    "publication_record",
    "put_seals",
    "reached_at",
    "read_json",
    "read_rules",
    "reason_text",
    "record_many",
    "records_since",
    "remembered",
    "remembered_beside_check_ins",
    "remembered_beside_marks",
    "remembered_last",
    "reserve_ids",
    "rules_kept",
    "rules_of",
    "seal_chain_anew",
    "seal_columns",
    "seal_what_has_none",
    "search_keys",
    "settings_of",
    "settle_installation",
    "sightings",
    "site_here",
    "slot_order",
    "span_text",
    "standing_withdrawal",
    "statements_alone",
    "still_says",
    "takes_part",
    "term_keys",
    "unit_of_work",
    "verify_chain",
    "version_of",
    "withdrawn_codes",
    "written_down",
]
