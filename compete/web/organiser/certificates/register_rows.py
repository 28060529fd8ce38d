"""Rows of the register in words, on the page and in the workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.identity.masks import mask_id
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed, msg
from compete.domain.values.states import CertificateState
from compete.models import Certificate, Competition, Revocation
from compete.services.accounts.card_handlers import signed_as
from compete.services.awards.holders import unit_of
from compete.services.certificates.examinees import examinee_number
from compete.services.certificates.register import (
    REGISTER_STATES,
    SET_ASIDE,
    register_ids,
    whole_register,
)
from compete.services.certificates.reissuing import numbers_to_come, why_none_to_come
from compete.services.certificates.revoking import can_strike
from compete.services.certificates.rows import each_to_come, is_of_erased
from compete.services.jobs.papers.kinds import REGISTER_BOOK, Asked, printed_as
from compete.services.results.consequences import DOUBTS
from compete.sheets.workbook.tables import Table, write_tables
from compete.web.certificate_words import ground_of, kind_word, shown_number, title_of
from compete.web.language import say
from compete.web.organiser.awards.kept_words import kept_notes
from compete.web.organiser.list_book import AT_ONCE, in_words_of
from compete.web.paging import asked_number
from compete.web.shapes import Choice

_KEYS = ("q", "kind", "year", "level", "state")
_YEAR = re.compile("[12][0-9]{3}")


def looked_for() -> dict[str, str]:
    """Words, kind, year, grade and state; an unknown state is all of them, an unknown year none."""
    wanted = {key: request.args.get(key, "").strip() for key in _KEYS}
    if wanted["state"] not in (*REGISTER_STATES, SET_ASIDE):
        wanted["state"] = "all"
    if not _YEAR.fullmatch(wanted["year"]):
        wanted["year"] = ""
    return wanted


def register_url(
    wanted: dict[str, str],
    *,
    page: str = "organiser.certificates",
    before: int | None = None,
    after: int | None = None,
    opened: int | None = None,
) -> str:
    """Address of the register with a search, before or after a row of it, one row opened."""
    return url_for(
        page,
        before=before,
        after=after,
        q=wanted["q"] or None,
        kind=wanted["kind"] or None,
        year=wanted["year"] or None,
        level=wanted["level"] or None,
        state=wanted["state"] if wanted["state"] != "all" else None,
        open=opened,
    )


def here_url(opened: int | None = None) -> str:
    """The page of the register that is shown, with another row opened, or none."""
    before, after = asked_number("before"), asked_number("after")
    return register_url(looked_for(), before=before, after=after, opened=opened)


_V = CertificateState
REASONS = {
    # Of a void one alone.
    "revoked": msg("撤销错了"),
    "name": msg("姓名写错"),
    "paper": msg("证件更正"),
    "lost": msg("丢了补办"),
    "other": msg("其他"),
}


def register_row(
    certificate: Certificate,
    *,
    in_review: bool,
    to_replace: bool,
    may_reissue: bool,
    revocation: Revocation | None = None,
    kept: str | None = None,
    opened: bool = False,
    lacks: Sequence[str] = (),
) -> dict[str, Any]:
    """Describe a certificate as the list shows it, with addresses; the one that is `opened` with
    the form by which it is issued anew. `kept`: what it came to that two kept it; `lacks`: why
    it is not printed whole.
    """
    valid = certificate.state is _V.VALID
    # What was settled as to be replaced comes with the next batch, not one by one.
    pending = to_replace and valid
    again = may_reissue and not certificate.replaced_by and not in_review and not pending
    # The name and number of another are gone with the personal data: none could be printed.
    again = again and not is_of_erased(certificate)
    # The results in force may give a revoked one no more: then there is none to come.
    gone = why_none_to_come(certificate) if again and not valid else None
    # Of a crew's member whose crew it is, if the paper says so.
    crew = [certificate.face["crew"]] if "crew" in certificate.face else []
    return {
        "certificate": certificate,
        "number": shown_number(certificate),
        "kind": kind_word(certificate),
        "id_masked": mask_id(certificate.id_number) if certificate.id_number else "",
        "unit": " ".join([_unit_on(certificate), *crew]),
        "title": _title_of(certificate),
        "ground": ground_of(certificate),
        "state": _state(certificate, in_review, pending),
        "now": _name_now(certificate),
        "others": _others(certificate),
        "notes": [_("已定换发，等发新证")]
        if pending
        else _notes(certificate)
        + ([kept] if kept else [])
        + _asked_words(revocation)
        + ([say(gone)] if gone else [])
        + list(lacks),
        "settles": in_review or revocation is not None,
        "reissue_url": here_url(certificate.id)
        if again and gone is None and revocation is None
        else None,
        "revokes": valid and revocation is None,
        "strikes": can_strike(certificate),
        "reissue": _reissue_form(certificate) if opened else None,
    }


def _reissue_form(certificate: Certificate) -> dict[str, Any]:
    """Build the opened row's form: the change that a new one would bring, and its number."""
    person = certificate.person
    was, members = certificate.face["name"], each_to_come(certificate)
    now = (
        say(listed(member.name for member in members)) if members else _name_now(certificate) or was
    )
    is_void = certificate.state is _V.REVOKED
    corrected = (
        certificate.kind == "grade"
        and person is not None
        and certificate.id_number != person.id_number
    )
    numbers = numbers_to_come(certificate)
    likely = "paper" if corrected else "revoked" if is_void else "lost"
    if now != was:
        # That each of a crew has one of their own is no mistake of the name.
        likely = "other" if members else "name"
    return {
        "reasons": [
            Choice(value=key, label=say(word))
            for key, word in REASONS.items()
            if is_void or key != "revoked"
        ],
        "chosen": likely,
        "by_two": is_void,
        "was": was if now != was else None,
        "now": now,
        "corrected": corrected,
        "number": say(listed(numbers)),
        "count": len(numbers),
        "correct_url": _correct_url(certificate),
    }


def _correct_url(certificate: Certificate) -> str | None:
    """Address to correct the name of the holder: who takes part, or an examinee."""
    entrant, member = certificate.entrant, certificate.member
    if entrant is not None:
        of = member.code if member is not None else None
        return url_for("organiser.identity", who=entrant.code, of=of)
    examinee = certificate.claim.examinee if certificate.claim is not None else None
    if examinee is None:
        return None
    return url_for("organiser.examinee", number=examinee_number(examinee))


@printed_as(
    REGISTER_BOOK, at_once=AT_ONCE, keys=lambda asked: register_ids(asked.competition, **asked.of)
)
def _book(asked: Asked, _rows: Sequence[int]) -> bytes:
    """The register, or what of it was looked for, as an .xlsx; ID numbers masked."""
    with in_words_of(asked):
        return _write(asked.competition, *whole_register(asked.competition, **asked.of))


def _write(
    competition: Competition,
    rows: Sequence[Certificate],
    in_review: frozenset[int],
    to_replace: frozenset[int],
) -> bytes:
    words = {
        "valid": msg("有效"),
        **DOUBTS,
        "replaced": msg("已换发"),
        "revoked": msg("已撤销"),
    }
    kept = kept_notes(competition)
    columns = [
        msg("证书编号"),
        msg("种类"),
        msg("姓名"),
        msg("证件号码"),
        msg("单位"),
        msg("等级或奖项") if competition_kind(competition).has_awards else msg("等级"),
        msg("依据"),
        msg("发证日期"),
        msg("状态"),
        msg("原因"),
        msg("换成"),
        msg("替换"),
    ]
    table = Table(
        msg("证书登记册"),
        competition.name,
        columns,
        [
            [
                shown_number(row),
                kind_word(row),
                row.face["name"],
                mask_id(row.id_number) if row.id_number else "",
                _unit_on(row),
                _title_of(row),
                ground_of(row),
                row.issued_on.isoformat(),
                say(words[_state(row, row.id in in_review, row.id in to_replace)]),
                row.revoke_reason or row.replaced_why or kept.get(row.id, ""),
                # A crew's as one has several.
                say(listed(shown_number(new) for new in row.replaced_by)),
                shown_number(row.replaces) if row.replaces else "",
            ]
            for row in rows
        ],
        frozen=1,
    )
    return write_tables([table], _)


def _state(certificate: Certificate, in_review: bool, to_replace: bool) -> str:
    if in_review:
        return "review"
    if to_replace and certificate.state is _V.VALID:
        return "replacing"
    return certificate.state.value


def _unit_on(certificate: Certificate) -> str:
    """The unit that it bears; of a grade, which bears none, the holder's."""
    return certificate.face.get("unit") or unit_of(certificate)


def _title_of(certificate: Certificate) -> str:
    """一等奖; with its event, where awards of several events may be called the same."""
    event = certificate.face.get("event")
    several = len(certificate.competition.events) > 1
    if certificate.kind == "grade" or not (event and several):
        return title_of(certificate)
    return f"{event} {title_of(certificate)}"


def _name_now(certificate: Certificate) -> str | None:
    """The holder's name as it is registered now, where the certificate bears another."""
    given = certificate.distinction
    if given is not None and not is_of_erased(certificate):
        return given.called if given.called != certificate.face["name"] else None
    holder = certificate.person or certificate.team
    if holder is None or holder.name == certificate.face["name"] or is_of_erased(certificate):
        return None
    return holder.name


def _asked_words(revocation: Revocation | None) -> list[str]:
    """Say that somebody has asked to void or reissue it, until another agrees."""
    if revocation is None:
        return []
    who = say(signed_as(revocation.asker, revocation.asked_at))
    if revocation.again:
        return [_("%(who)s 提出重新发，等第二个人同意：%(why)s", who=who, why=revocation.reason)]
    if revocation.strike:
        note = _(
            "%(who)s 提出取消成绩并撤销证书，等第二个人同意：%(why)s",
            who=who,
            why=revocation.reason,
        )
        return [note]
    return [_("%(who)s 提出撤销，等第二个人同意：%(why)s", who=who, why=revocation.reason)]


def _others(certificate: Certificate) -> list[str]:
    """Name the one it gave way to, and the one it replaced: lines that keep their numbers whole."""
    others = [_("换成 %(number)s", number=shown_number(new)) for new in certificate.replaced_by]
    if certificate.replaces is not None:
        others.append(_("替换 %(number)s", number=shown_number(certificate.replaces)))
    return others


def _notes(certificate: Certificate) -> list[str]:
    why = certificate.replaced_why if certificate.replaces is not None else None
    return [note for note in (certificate.revoke_reason, why) if note]
