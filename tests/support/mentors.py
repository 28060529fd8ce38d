"""Mentors in the database: an organisation, pairs of it, rows of a workbook."""

from __future__ import annotations

from datetime import date

from compete.domain.values.messages import Message
from compete.models import Account, Mentorship, Organisation
from compete.services.directory.organisations import add_organisation
from compete.services.mentors.mentorship_fields import PairFields
from compete.services.mentors.mentorships import make_pair

WORKS = "第一钢铁厂"


def works(by: Account, name: str = WORKS) -> Organisation:
    """An organisation of the directory."""
    return add_organisation(name, "", None, by)


def pair_fields(mentor: str = "王师傅", pupil: str = "小李", **more: object) -> PairFields:
    """The fields of an agreement of a year."""
    usual: dict[str, object] = {
        "organisation": WORKS,
        "mentor": mentor,
        "mentor_unit": "炼钢车间",
        "pupil": pupil,
        "pupil_unit": "炼钢车间",
        "occupation": "焊工",
        "starts": date(2026, 1, 1),
        "until": date(2026, 12, 31),
    }
    return PairFields(**(usual | more))  # type: ignore[arg-type]


def pair_of(by: Account, mentor: str = "王师傅", pupil: str = "小李", **more: object) -> Mentorship:
    """An agreement of the works."""
    return make_pair(pair_fields(mentor, pupil, **more), by)


def row_texts(mentor: str, pupil: str, **more: str) -> dict[str, str]:
    """A row of a workbook."""
    return {
        "organisation": WORKS,
        "mentor": mentor,
        "pupil": pupil,
        "occupation": "焊工",
        "starts": "2026/1/1",
        "until": "2026-12-31",
        **more,
    }


def words_of(faults: dict[str, Message]) -> dict[str, str]:
    """Faults in words, by field."""
    return {key: str(fault) for key, fault in faults.items()}
