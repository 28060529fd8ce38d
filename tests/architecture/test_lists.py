"""Lists in sentences are joined in the reader's language, by `listed` or a translated mark."""

from __future__ import annotations

import re
from pathlib import Path

COMPETE = Path(__file__).parents[2] / "compete"
# What is Chinese whoever reads it: certificates, what a sample's file says, the workbook of a
# labour competition's rules, and the organiser's own lists as they are kept and come back into
# their field.
CHINESE_ALONE = {
    "documents/award_certificate.py",
    "domain/registration_columns.py",
    "services/competitions/demonstration.py",
    "services/kernel/fields.py",
    "services/directory/expert_fields.py",
    "services/directory/ladders/conditions.py",
    "services/directory/occupations/shipped.py",
    "sheets/registration/reading.py",
}


def test_no_list_is_joined_by_a_mark_that_stays_chinese() -> None:
    joins = {
        str(path.relative_to(COMPETE))
        for path in COMPETE.rglob("*.py")
        if '"、".join(' in path.read_text(encoding="utf-8")
    }
    assert joins == CHINESE_ALONE


# What bears Chinese names and marks whoever reads it: certificates and what follows them, who
# signed, a crew with its members, a heading of a file with its unit of measure.
BRACKETS_ALONE = {
    "documents/award_certificate.py",
    "domain/credentials/badges.py",
    "domain/bundle/crews.py",
    "services/awards/holders.py",
    "services/certificates/promotions.py",
    "services/kernel/audit.py",
    "sheets/reading/arranging.py",
    "sheets/reading/labour.py",
}


def test_no_name_stands_in_brackets_that_stay_chinese() -> None:
    put = re.compile(r"f[\"'].*\}?（\{|f[\"'].*\}（")
    brackets = {
        path.relative_to(COMPETE).as_posix()
        for path in COMPETE.rglob("*.py")
        if put.search(path.read_text(encoding="utf-8"))
    }
    assert brackets == BRACKETS_ALONE


def test_no_template_puts_a_chinese_mark_between_what_it_shows() -> None:
    """A mark outside a text stays Chinese among English words."""
    bare = re.compile(r"[}%]\} ?[，、；：。（）]")
    templates = COMPETE.parent / "templates"
    assert [
        f"{path.relative_to(templates)}:{number}"
        for path in templates.rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ] == []
