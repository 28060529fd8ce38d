"""Steps to take before the first period of a labour competition can be closed."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.labour.self_assessment import self_assessed
from compete.models import Competition
from compete.services.labour.deadlines import deadlines_of
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.rules import why_labour_rules_stay
from compete.services.registration.units.links import links_of
from compete.services.scoring.live_labour import LabourLive
from compete.web.guard import allowed_url
from compete.web.organiser.desk.overview.shapes import BeginningStep


def beginning_steps(competition: Competition, live: LabourLive) -> list[BeginningStep]:
    """The steps in their order, each with how far it is; none once a period is closed."""
    return [] if closed_periods(competition) else list(_steps(competition, live))


def _steps(competition: Competition, live: LabourLive) -> Iterator[BeginningStep]:
    code, labour = competition.code, live.labour
    units = len(competition.units)
    groups = len(set((labour.groups or {}).values()))
    counts = {"n": len(labour.indicators), "periods": len(labour.periods)}
    unit_count = ngettext("%(num)s 家单位", "%(num)s 家单位", units)
    yield BeginningStep(
        what=_("参赛单位和分组"),
        detail=_("%(units)s，分 %(n)s 组", units=unit_count, n=groups)
        if groups
        else _("%(units)s，一起排名", units=unit_count),
        done=units > 0,
        url=allowed_url("organiser.labour_form", code=code, _anchor="units"),
    )
    yield BeginningStep(
        what=_("指标和规则"),
        detail=(
            _("%(n)s 项指标，%(periods)s 期；已经有数了，要改得写理由、第二个人同意", **counts)
            if why_labour_rules_stay(competition)
            else _("%(n)s 项指标，%(periods)s 期；第一个数填进来以前随时能改", **counts)
        ),
        done=bool(labour.indicators),
        url=allowed_url("organiser.labour_rules", code=code),
    )
    yield _departments(competition, live)
    if any(self_assessed(indicator) for indicator in labour.indicators):
        links = links_of(competition)
        sent = sum(1 for unit in competition.units if unit.id in links)
        yield BeginningStep(
            what=_("单位的自评链接"),
            detail=_("发了 %(sent)s 家，共 %(n)s 家；不要自评的在规则里去掉勾", sent=sent, n=units),
            done=0 < units == sent,
            url=allowed_url("organiser.units", code=code),
        )
    dated = len(deadlines_of(competition))
    yield BeginningStep(
        what=_("自评和签核的截止"),
        detail=ngettext("定了 %(num)s 期", "定了 %(num)s 期", dated)
        if dated
        else _("没有定：打分表上不写到哪天，名单上没有人迟"),
        done=dated > 0,
        url=allowed_url("organiser.late", code=code),
    )


def _departments(competition: Competition, live: LabourLive) -> BeginningStep:
    rows, sent = departments_of(competition), recorders_of(competition)
    entered = {code for row in rows for code in row.indicators}
    free = [indicator for indicator in live.labour.indicators if indicator.code not in entered]
    waiting = [row.name for row in rows if row.id not in sent]
    notes = [ngettext("%(num)s 个部门", "%(num)s 个部门", len(rows))]
    if free:
        notes.append(_("还有 %(n)s 项指标没有部门打分", n=len(free)))
    if waiting:
        notes.append(_("还没发链接的有 %(n)s 个", n=len(waiting)))
    return BeginningStep(
        what=_("打分部门和链接"),
        detail=_("，").join(notes),
        done=bool(rows) and not free and not waiting,
        url=allowed_url("organiser.departments", code=competition.code),
    )
