"""Correction of a person's fields: first what it changes and touches, then it is written."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, Ladder, grade_label, grades_of_ladder
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import BACKGROUND
from compete.domain.values.rights import Right
from compete.domain.values.states import CertificateState
from compete.models import Competition, Entrant, Member
from compete.services.certificates.outdated_names import team_certificates_naming, touched_by
from compete.services.directory.person_records import others_under_number
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.registration.corrections import (
    PlannedCorrection,
    correct_person,
    current_fields,
    is_birth_in_number,
    plan_correction,
    why_locked,
)
from compete.services.registration.person_record import states_of_sheets
from compete.services.registration.preview import offer_of
from compete.services.results.consequences import open_consequences
from compete.services.results.contestants import certificates_of_entrant
from compete.services.results.publishing import publish_names
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.web import guard
from compete.web.certificate_words import shown_number, title_of
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.fields import (
    PersonField,
    hint_of,
    kept_hint,
    problem_above,
    wrong_fields,
)
from compete.web.organiser.registration.person.finding import find_asked, list_filters
from compete.web.organiser.registration.person.history import (
    ChangedField,
    birth_words,
    field_words,
    shown_value,
)
from compete.web.posted import posted_reason
from compete.web.refusals import refusal_on
from compete.web.shapes import Choice, choices

TouchedThing = tuple[str, str]
"""Something that the correction touches, and what becomes of it."""


def _page(
    competition: Competition,
    who: str,
    refused: Refused | None = None,
    *,
    plan: PlannedCorrection | None = None,
) -> str:
    """The page of a person or of a crew's member; with a `plan` what it changes and touches."""
    (entrant, holder), wrong = find_asked(competition, who), wrong_fields(refused)
    bearing, keys = touched_by(entrant), current_fields(holder)
    typed = keys | _sent_fields(keys)
    return render_template(
        "organiser/registration/person/correct.html",
        competition=competition,
        entrant=entrant,
        holder=holder,
        filters=list_filters(),
        fields=[_field(holder, competition, key, typed[key], wrong.get(key)) for key in keys],
        locked=next((why for key in keys if (why := why_locked(competition, key))), None),
        reason=posted_reason(),
        reason_error=wrong.get("reason"),
        problem=problem_above(refused),
        changes=_changes(plan, _ladder(holder)) if plan else (),
        touched=_touched(holder, entrant, frozenset(plan.values)) if plan else (),
        mark=plan.mark if plan else None,
        certificates=[
            (row, title_of(row), shown_number(row), row in bearing.team_certificates)
            for row in (*bearing.certificates, *bearing.team_certificates)
        ],
        published=bearing.publication,
        published_name=bearing.published_name,
    )


def _sent_fields(keys: Iterable[str]) -> dict[str, str]:
    return {key: request.form[key] for key in keys if key in request.form}


def _field(
    holder: Entrant | Member, competition: Competition, key: str, value: str, error: str | None
) -> PersonField:
    locked, label = why_locked(competition, key) is not None, field_words()[key]
    if locked:
        value = _in_words(holder, key)
        return PersonField(name=key, label=label, value=value, error=error, locked=True)
    offered = _choices(holder, competition, key)
    if offered and value not in {choice.value for choice in offered}:
        # What a file wrote in its own words stays as it is until somebody says another.
        offered = [*offered, Choice(value=value, label=value)]
    return PersonField(
        name=key,
        label=label,
        value=value,
        choices=offered,
        hint=_hint(holder, key),
        error=error,
    )


def _ladder(holder: Entrant | Member) -> Ladder:
    return ladder_of(holder.event if isinstance(holder, Entrant) else holder.entrant.event)


def _in_words(holder: Entrant | Member, key: str) -> str:
    """Return the value of a locked field in words."""
    if isinstance(holder, Entrant) and key == "unit":
        return holder.unit.name
    if isinstance(holder, Entrant) and key == "team":
        return holder.team.name if holder.team else "—"
    if key == "birth":
        return birth_words(holder) or "—"
    if key in ("months", "papers"):
        # Of these a form's text is in words already.
        return current_fields(holder)[key] or "—"
    return shown_value(key, current_fields(holder)[key] or None, _ladder(holder))


def _hint(holder: Entrant | Member, key: str) -> str | None:
    if key in ("id_number", "phone"):
        return kept_hint(key, getattr(holder, key)) or _("现在没有")
    if key == "birth":
        if is_birth_in_number(holder):
            if holder.birth is None:
                return _("现在没有")
            return _("%(year)s，跟着证件号码走，不改就空着", year=birth_words(holder))
        return _("写到日，如 1990-01-01。身份证的跟着号码走")
    if key in ("mentor", "coach"):
        return _("几个人用顿号隔开")
    if key in ("name", "months", *BACKGROUND):
        return hint_of(key)
    if key == "certificate":
        return _("22 位，或旧职业资格证书 16、13 位")
    return None


def _choices(holder: Entrant | Member, competition: Competition, key: str) -> list[Choice]:
    words = PEOPLE_BY_KEY["paper" if key == "id_type" else key].choices
    if key in ("id_type", "role", "group"):
        return choices(words)
    if key == "gender" or (key in BACKGROUND and words):
        return choices({"": "—", **words})
    if key == "grade":
        ladder = _ladder(holder)
        known = {*grades_of_ladder(ladder), holder.grade}
        labels = {n: grade_label(n, ladder) for n in GRADES if n in known}
        return choices({"": grade_label(None), **labels})
    if key == "unit":
        return choices({unit.code: unit.name for unit in competition.units})
    if key == "team" and isinstance(holder, Entrant):
        teams = [team for team in offer_of(competition).teams if team.event == holder.event.code]
        return choices({"": _("没有"), **{team.code: team.name for team in teams}})
    return []


def _changes(plan: PlannedCorrection, ladder: Ladder) -> list[ChangedField]:
    return [
        (
            word,
            shown_value(key, plan.before[key], ladder),
            shown_value(key, plan.after[key], ladder),
        )
        for key, word in field_words().items()
        if key in plan.values
    ]


def _touched(
    holder: Entrant | Member, entrant: Entrant, changed: frozenset[str]
) -> list[TouchedThing]:
    """List what else says or follows from these fields, with the number of them."""
    touched: list[TouchedThing] = []
    named = changed & {"name", "unit", "group"}
    if named:
        then = (
            _("页面上马上是新的；印好的要重新打印，码不变")
            if latest_publication(entrant.competition) is None
            # What is published is the snapshot.
            else _("页面照公布的那一版，公布新的一版才是新的；印好的要重新打印，码不变")
        )
        touched.append((_("参赛证"), then))
    if named and entrant.slots:
        text = _("%(n)s 场的时间和工位不变；印好的检录表、签到表要换", n=len(entrant.slots))
        touched.append((_("座位表"), text))
    sheets = sum(len(states) for states in states_of_sheets(entrant).values())
    if sheets and changed - {"phone"}:
        text = _("%(n)s 张都不变，分数不动", n=sheets)
        touched.append((_("评分表"), text))
    ranked = not competition_kind(entrant.competition).gives_verdicts
    if ranked and changed & {"unit", "team"}:
        touched.append((_("单位和团体排名"), _("按新的单位、代表队算")))
    if changed & {"grade", "promoted", "group", "role"} and rules_of(entrant.event).grades:
        touched.append((_("等级晋升"), _("按新的重新评定")))
    touched += _issued(holder, entrant, changed)
    return touched


def _issued(
    holder: Entrant | Member, entrant: Entrant, changed: frozenset[str]
) -> list[TouchedThing]:
    """List the issued and published papers, which stay as they are."""
    papers: list[TouchedThing] = []
    if not changed & {"name", "id_number", "id_type"}:
        return papers
    valid = [
        certificate
        for certificate in certificates_of_entrant(entrant)
        if certificate.state is CertificateState.VALID
        and (
            certificate.member_id == holder.id
            if isinstance(holder, Member)
            # That of a crew's member names the crew.
            else certificate.member_id is None or "crew" in certificate.face
        )
    ]
    if "name" in changed:
        valid += team_certificates_naming(entrant, holder.name)
    if valid:
        text = _("上面还是旧的。更正以后在这一页逐张换发")
        papers.append((_("已发的证书 %(n)s 张", n=len(valid)), text))
    publication = latest_publication(entrant.competition)
    if publication is not None and "name" in changed:
        what = _("公布的第 %(n)s 版", n=publication.version)
        text = _("不变。更正以后可以公布只改姓名的新版")
        papers.append((what, text))
    return papers


@face.route("/<code>/entrants/<who>/identity", methods=["GET", "POST"])
@guard.may(Right.REGISTER)
@refusal_on(_page)
def identity(competition: Competition, who: str) -> ResponseReturnValue:
    """The fields; once filled in, what they change and touch; and what still bears the old."""
    entrant, holder = find_asked(competition, who)
    if request.method != "POST":
        return _page(competition, who)
    sent, reason = _sent_fields(current_fields(holder)), posted_reason()
    plan = plan_correction(holder, sent, reason.strip())
    if request.form.get("seen") != plan.mark:
        return _page(competition, who, plan=plan)
    correct_person(holder, sent, reason, current_user, seen=plan.mark)
    flash(_("更正了。下面是它碰到的") if _touches(entrant) else _("更正了"), "ok")
    if "id_number" in plan.values and others_under_number(holder):
        flash(_("名录里这个号码下还有另一个姓名，没有合并成一个人"), "info")
    page = "organiser.identity" if _touches(entrant) else "organiser.person"
    return redirect(url_for(page, code=competition.code, who=who))


def _touches(entrant: Entrant) -> bool:
    touched = touched_by(entrant)
    return bool(touched.certificates or touched.team_certificates or touched.publication)


@face.post("/<code>/publish/names")
@guard.may(Right.PUBLISH)
@only_once
def publish_corrected_names(competition: Competition) -> ResponseReturnValue:
    """A new version in which names alone are others."""
    publication = publish_names(competition, current_user, request.form.get("note", ""))
    flash(_("已公布第 %(n)s 版，成绩没变，只更正了姓名、名称", n=publication.version), "ok")
    page = "consequences" if open_consequences(competition) else "standings"
    return redirect(url_for(f"organiser.{page}", code=competition.code))
