"""Reasons that keep certificates back, and what certificates may be for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.documents.errors import with_code_points
from compete.domain.identity.occupations import occupation_code
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed, msg
from compete.models import Competition
from compete.services.appeals.appeal_states import open_appeals
from compete.services.awards.external_awards import honours_as_own, honours_to_approve
from compete.services.awards.issuing_gate import ANNOUNCED, issuable_events, why_not_final
from compete.services.certificates.award_certificates import unissued_awards
from compete.services.certificates.claim_certificates import count_claims_due
from compete.services.certificates.claims import claims_to_decide
from compete.services.certificates.counts import grades_to_decide, void_grades
from compete.services.certificates.grades_due import grades_ready, why_body_cannot
from compete.services.certificates.issuing_bodies import bodies, body_for, occupations_of
from compete.services.certificates.register import SET_ASIDE, SetAside
from compete.services.certificates.rows import award_day
from compete.services.jobs.queue import job_step, open_jobs
from compete.services.kernel.competition_settings import settings_of
from compete.web.language import in_a_row, say
from compete.web.organiser.certificates.register_rows import register_url
from compete.web.organiser.jobs.job_faces import face_of, job_url
from compete.web.organiser.shapes import Link
from compete.web.shown_standings import AWARDS, own_url
from compete.web.templating import day, state_word


def why_blocked(competition: Competition, published: bool, waiting: int) -> str | None:
    """Say why nothing can be issued now; `waiting` consequences of a new version are open."""
    if waiting:
        return _("新一版公布后还有 %(n)s 件没办，办完才能发", n=waiting)
    if not published:
        return _("成绩公布以后才能发")
    if competition_kind(competition).of_people and competition.state not in ANNOUNCED:
        return _("公布以后评分又解锁了，重新公布以后才能发")
    if issuable_events(competition) is not None:
        return None
    if appeals := open_appeals(competition, None):
        return _("还有 %(count)s 件申诉没有了结，了结了才能发证", count=appeals)
    return say(why_not_final(competition))


def _honours_note(competition: Competition) -> str | None:
    """Name the honours to certify as the organiser's own, and count those that wait for others."""
    titles, count = honours_as_own(competition)
    notes = []
    if count:
        notes.append(
            _(
                "其中 %(n)s 张是荣誉称号：%(titles)s。由别的机关授予的，先写由谁核准，核准了才发。",
                n=count,
                titles=say(listed(titles)),
            )
        )
    if waiting := honours_to_approve(competition):
        notes.append(_("等核准的荣誉，核准了才发：%(n)s。", n=waiting))
    return in_a_row(notes) or None


def void_note(competition: Competition) -> Link | None:
    """Grades that were made void and not given again, and where they stand."""
    count = void_grades(competition)
    if not count:
        return None
    what = _("%(n)s 人的等级证书撤销了，没有重新发", n=count)
    url = url_for("organiser.certificates", kind="grade", state="revoked")
    return Link(label=what, url=url)


def _grades_waiting(competition: Competition, *, published: bool) -> list[Link]:
    """Grades that wait for a decision, or are certified on a page of their own, and where."""
    undecided, deferred = grades_to_decide(competition) if published else (0, 0)
    awards = own_url(competition, AWARDS)
    claims = url_for("organiser.claims")
    claimed, due = claims_to_decide(competition), count_claims_due(competition)
    return [
        Link(label=label, url=url)
        for count, label, url in (
            (undecided, _("待批准 %(n)s 人", n=undecided), awards),
            (deferred, _("%(n)s 人缓办", n=deferred), awards),
            (claimed, _("等级认定可以定的：%(n)s", n=claimed), claims),
            (due, _("等级认定等发证的：%(n)s", n=due), claims),
        )
        if count
    ]


@dataclass(frozen=True)
class GradeBody:
    """The issuer of the grade certificates, and what stands in the way of it."""

    name: str | None
    blocked: str | None
    missing: str | None
    """The words at the head of the page if there is no body at all."""


def grade_body(competition: Competition) -> GradeBody:
    """The issuing body as the page of the certificates needs it."""
    known, occupations = body_for(competition), occupations_of(competition)
    if not occupations:
        return GradeBody(None, _("赛项没有写职业，不发等级证书"), None)
    if known is not None:
        return GradeBody(known.name, say(why_body_cannot(competition, known)), None)
    if not bodies():
        missing = _("还没有评价机构，等级证书编不了号。请管理员登记。")
        return GradeBody(None, _("先选评价机构"), missing)
    names = [
        f"{occupation.name} {occupation_code(occupation.code) or ''}".strip()
        for occupation in occupations
    ]
    note = _(
        "登记的评价机构都没有备案 %(names)s，发不了等级证书。请管理员补进备案范围",
        names=_("、").join(names),
    )
    return GradeBody(None, note, None)


def jobs_under_way(competition: Competition) -> list[dict[str, Any]]:
    """List the certificate jobs that run just now: issuing or printing."""
    jobs = [
        (job, face_of(job)) for job in open_jobs(competition) if face_of(job).area == "certificates"
    ]
    return [
        {
            "title": face.title(job),
            "word": state_word(job.state),
            "step": say(step) if (step := job_step(job)) else "",
            "done": job.done,
            "total": job.total,
            "url": job_url(job),
        }
        for job, face in jobs
    ]


def kind_cards(
    competition: Competition,
    blocked: str | None,
    issuer: GradeBody,
    *,
    issued: Collection[str],
    published: bool,
    waiting: bool,
) -> list[dict[str, Any]]:
    """Grades and awards; of a labour competition, in which no grade is won, awards alone.

    `blocked` keeps both back. `issued` has the kinds of which there is one, `waiting` is whether
    something that a new version left is open.
    """
    labour = competition_kind(competition).has_periods
    on, chosen = award_day(competition), settings_of(competition).award_date
    award = {
        "key": "award",
        "name": _("荣誉证书") if labour else _("获奖证书"),
        "ready": None if waiting else unissued_awards(competition) if published else 0,
        "blocked": blocked,
        "note": _honours_note(competition) if published and not blocked else None,
        "dates": _("落款 %(on)s，编号〔%(year)s〕", on=day(on, with_year=True), year=on.year),
        "dated": chosen.isoformat() if chosen else "",
        "printed": "award" in issued,
    }
    if labour:
        return [award]
    grade = {
        "key": "grade",
        "name": _("职业技能等级证书"),
        "ready": None if waiting else grades_ready(competition),
        "blocked": blocked or issuer.blocked,
        "wants_body": bool(issuer.blocked) and not blocked,
        "note": issuer.name,
        "waits": _grades_waiting(competition, published=published),
        "printed": "grade" in issued,
    }
    return [grade] if not competition_kind(competition).has_awards else [grade, award]


_NAMED = 3


def aside_note(aside: SetAside, wanted: dict[str, str]) -> dict[str, Any] | None:
    """Say who is set aside, why, and where they stand; None if all are printed whole."""
    lacking = list(aside.not_drawn.values())
    count = len(lacking) + aside.no_photo
    if not count:
        return None
    notes = []
    if lacking:
        people = listed(
            msg("%(name)s（%(signs)s）", name=name, signs="".join(signs))
            for name, signs in lacking[:_NAMED]
        )
        notes.append(
            _("字打不出的先放着，不印：%(who)s，共 %(n)s 张。", who=say(people), n=len(lacking))
        )
    if aside.no_photo:
        notes.append(
            _(
                "没有照片的留空框：%(who)s，共 %(n)s 张。",
                who=say(listed(aside.without)),
                n=aside.no_photo,
            )
        )
    every = dict.fromkeys(wanted, "") | {"state": SET_ASIDE}
    return {
        "said": in_a_row(notes),
        "count": count,
        "url": register_url(every),
        "shown": wanted["state"] == SET_ASIDE,
        "back_url": register_url(every | {"state": "all"}),
    }


def what_it_lacks(aside: SetAside, row: int, *, no_photo: bool) -> list[str]:
    """List the parts that one row lacks."""
    lacks = []
    if row in aside.not_drawn:
        signs = with_code_points(aside.not_drawn[row][1])
        lacks.append(_("字体里没有%(signs)s，不印", signs=say(signs)))
    if no_photo:
        lacks.append(_("没有照片，留空框"))
    return lacks
