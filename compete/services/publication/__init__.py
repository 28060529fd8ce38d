"""What is announced: stored snapshots, the notice list, what a badge's holder may see."""

from compete.services.publication.contestants import (
    ModuleLine,
    Verdict,
    certificates_of_entrant,
    find_by_badge,
    verdict_for,
)
from compete.services.publication.notice import print_notice
from compete.services.publication.publishing import (
    is_unchanged,
    latest_publication,
    notice_days,
    publications,
    publish,
    read_snapshot,
    snapshot_files,
)
from compete.services.publication.record_checks import check_records, seal_certificate

__all__ = [
    "ModuleLine",
    "Verdict",
    "certificates_of_entrant",
    "check_records",
    "find_by_badge",
    "is_unchanged",
    "latest_publication",
    "notice_days",
    "print_notice",
    "publications",
    "publish",
    "read_snapshot",
    "seal_certificate",
    "snapshot_files",
    "verdict_for",
]
