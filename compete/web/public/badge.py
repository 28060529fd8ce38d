"""A badge's page in words: before publication when and where, after it the result."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values import CertificateState, hash_phrase
from compete.models import Entrant, Slot, utc_now
from compete.services.kernel import rules_of
from compete.services.publication import (
    ModuleLine,
    Verdict,
    certificates_of_entrant,
    is_unchanged,
    read_snapshot,
    verdict_for,
)
from compete.services.scoring import aspect_chart, scorer_of
from compete.web.certificate_words import shown_number, title_of
from compete.web.drawing.charts import radar, share
from compete.web.public.grade_words import describe_grade
from compete.web.templating import clock, day, moment, plain
from compete.web.words import outcome_word


def describe_badge(entrant: Entrant) -> dict[str, Any]:
    """What `public/contestant.html` wants."""
    verdict = verdict_for(entrant)
    competition = entrant.competition
    common = {
        "heading": competition.name,
        "subheading": entrant.event.name,
        "person": {"name": entrant.name, "unit": entrant.unit.name, "number": entrant.code},
        "contact": competition.settings.get("contact"),
        "published": verdict is not None,
    }
    return common | (_after(entrant, verdict) if verdict else _before(entrant))


def _before(entrant: Entrant) -> dict[str, Any]:
    names = {
        (stage.code, module.code): module.name
        for stage in rules_of(entrant.event).stages
        for module in stage.modules
    }
    now = utc_now()
    slots = [slot for slot in entrant.slots if slot.starts_at]
    following = next(
        (slot for slot in slots if (at := slot.ends_at or slot.starts_at) and at > now), None
    )
    if following is None and slots:
        following = slots[0]
    return {
        "status": _("成绩还没公布"),
        "next_time": _next_time(entrant, following, names) if following else None,
        "deadline": None,
        "plan": [
            {
                "day": day(slot.starts_at),
                "time": clock(slot.starts_at),
                "what": " ".join(
                    part for part in (names.get((slot.stage, slot.module)), slot.station) if part
                ),
                "note": slot.session or "",
            }
            for slot in slots
        ],
        "bring": entrant.competition.settings.get("bring"),
    }


def _next_time(entrant: Entrant, slot: Slot, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    facts = []
    if slot.check_in_at:
        facts.append({"label": _("检录"), "value": clock(slot.check_in_at), "unit": None})
    facts.append({"label": _("进场"), "value": clock(slot.starts_at), "unit": None})
    if slot.station:
        number = re.fullmatch(r"(第?)(\d+)(号?)(.*)", slot.station)
        label, value, unit = _("工位"), slot.station, None
        if number:
            label, value, unit = number[4] or label, number[2], number[3]
        facts.append({"label": label, "value": value, "unit": unit})
    name = names.get((slot.stage, slot.module), "")
    title = " ".join(part for part in (name, slot.session) if part)
    return {
        "title": f"{day(slot.starts_at)} {title}",
        "facts": facts,
        "place": entrant.competition.settings.get("place") or entrant.competition.venue,
    }


def _after(entrant: Entrant, verdict: Verdict) -> dict[str, Any]:
    publication = verdict.publication
    return {
        "result": {
            "chip": _("公示中 · 第 %(n)s 版", n=publication.version),
            "rank": verdict.rank,
            "unranked": None if verdict.rank is not None else _unranked(verdict.status),
            "total": verdict.total,
            "of": _("%(n)s 人参评", n=verdict.ranked),
            "award": "、".join(verdict.awards) or None,
        },
        "modules": [_module(line) for line in verdict.modules],
        "radar": _radar(entrant, verdict),
        "grade": describe_grade(entrant, verdict),
        "appeal": _appeal(verdict),
        "certificates": _certificates(entrant),
        "hash": {
            "words": hash_phrase(bytes.fromhex(publication.sha256)),
            "text": _("和 %(at)s 存档一致", at=moment(publication.published_at))
            if is_unchanged(publication)
            else _("和存档不一致，请找组委会"),
        },
    }


def _radar(entrant: Entrant, verdict: Verdict) -> dict[str, Any] | None:
    bundle, _results = read_snapshot(verdict.publication)
    chart = aspect_chart(scorer_of(bundle).events[verdict.rules.code], entrant.code)
    if chart is None:
        return None
    return {
        "title": _("%(module)s各项", module=chart.module),
        "shape": radar(
            [line.name for line in chart.lines],
            [line.my_share for line in chart.lines],
            [line.median_share for line in chart.lines],
        ),
        "table": [
            {"name": line.name, "mine": line.mine, "median": line.median, "full": line.full}
            for line in chart.lines
        ],
    }


def _unranked(status: str) -> str:
    return _("还没评完") if status == "incomplete" else outcome_word(status)


def _module(line: ModuleLine) -> dict[str, Any]:
    full = Decimal(line.full)
    return {
        "name": line.name,
        # A weight inside a part is a share of the part, not of the whole.
        "weight": None if line.in_part else _("占 %(n)s%%", n=plain(Decimal(line.weight))),
        "value": line.score if line.score is not None else "—",
        "bad": line.passes is False,
        "median": line.median,
        "share": share(Decimal(line.score or 0), full),
        "median_share": share(Decimal(line.median), full) if line.median else None,
        "note": "、".join(_flag(flag) for flag in line.flags) or None,
    }


def _flag(flag: str) -> str:
    words = {
        "penalised": _("有扣罚"),
        "disputed": _("有争议"),
        "incomplete": _("没评完"),
    }
    return words.get(flag) or outcome_word(flag)


def _appeal(verdict: Verdict) -> dict[str, Any] | None:
    until = verdict.publication.appeals_until
    if until is None:
        return None
    left = until - utc_now()
    minutes = int(left.total_seconds() // 60)
    text = _("%(at)s 前可以申诉，由领队或本人向组委会书面提出。", at=moment(until))
    if minutes < 0:
        return {"left": None, "text": _("申诉时间到 %(at)s 为止，已经过了。", at=moment(until))}
    return {"left": _("还剩 %(n)s 分钟", n=minutes), "text": text, "url": None}


def _certificates(entrant: Entrant) -> list[dict[str, Any]]:
    return [
        {
            "name": _("技能等级证书") if certificate.kind == "grade" else _("获奖证书"),
            "text": f"{title_of(certificate)} {shown_number(certificate)}",
            "revoked": certificate.state is CertificateState.REVOKED,
            "url": url_for("public.verify_link", token=certificate.token),
        }
        for certificate in certificates_of_entrant(entrant)
    ]
