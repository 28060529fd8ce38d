"""Sums that are kept beside rows say what the rows say, in every state of every kind."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from compete.models import (
    Account,
    Certificate,
    CertificateSum,
    Competition,
    Entrant,
    Publication,
    Unit,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.verdict_sums import verdict_sums
from tests.support.kind_walks import WALKS
from tests.support.signing_in import signed_in


def certificates_by_rows() -> Counter[tuple[int, str, object]]:
    """Count the valid certificates one by one."""
    rows = db.session.scalars(select(Certificate))
    return Counter(
        (row.competition_id, "claim" if row.claim_id else row.kind, row.issued_on)
        for row in rows
        if row.state == "valid"
    )


def certificates_kept() -> Counter[tuple[int, str, object]]:
    """What is kept, without what came to nothing."""
    rows = db.session.scalars(select(CertificateSum))
    return +Counter({(row.competition_id, row.kind, row.day): row.n for row in rows})


def verdicts_by_rows(publication: Publication) -> Counter[tuple[str, str, str]]:
    """Count the verdicts of a stored version one by one."""
    entrants = select(Entrant).where(Entrant.competition_id == publication.competition_id)
    units = {
        it.code: db.session.get_one(Unit, it.unit_id).code if it.unit_id else ""
        for it in db.session.scalars(entrants)
    }
    results = json.loads(zlib.decompress(publication.results))
    return Counter(
        (event["code"], units[row["entrant"]], row["verdict"])
        for event in results["events"]
        for row in event["verdicts"]
    )


def check_verdicts() -> int:
    """Hold every version of an evaluation against its rows; how many there are."""
    versions = db.session.scalars(select(Publication)).all()
    checked = 0
    for version in versions:
        if version.competition.kind != "evaluation":
            assert version.sums is None
            continue
        kept = verdict_sums(version, version.competition)
        assert version.sums is not None
        assert Counter({(it.event, it.unit, it.verdict): it.n for it in kept}) == verdicts_by_rows(
            version
        )
        checked += 1
    return checked


@pytest.mark.parametrize("name", WALKS)
def test_kept_sums_are_those_of_the_rows(
    app: Flask, load: Callable[..., Competition], organiser: Account, name: str
) -> None:
    if name == "small":
        organiser = create_account("吴敏敏", is_admin=True)
    desk = signed_in(app, organiser)
    states, issued, checked = 0, 0, 0
    for _state, _competition in WALKS[name](load, organiser, desk):
        db.session.expire_all()
        assert certificates_kept() == certificates_by_rows()
        issued = max(issued, certificates_by_rows().total())
        checked = max(checked, check_verdicts())
        states += 1
    assert states
    assert bool(issued) == (name in ("contest", "crews", "evaluation", "small"))
    assert bool(checked) == (name == "evaluation")


def test_a_version_from_before_is_counted_as_it_is_asked(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    for state, _competition in WALKS["evaluation"](load, organiser, desk):
        if state == "notice":
            break
    for version in db.session.scalars(select(Publication)).all():
        kept = verdict_sums(version, version.competition)
        with unit_of_work():
            version.sums = None
        assert verdict_sums(version, version.competition) == kept
