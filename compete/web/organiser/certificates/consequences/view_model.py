"""Consequences of a new version in words: the paper, the change, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.crews import heads
from compete.domain.grades.ladder import NATIONAL, grade_label
from compete.domain.values.messages import msg, some_of
from compete.domain.values.states import ConsequenceState
from compete.models import Account, Consequence, Publication, Revocation
from compete.services.accounts.card_handlers import signed_as
from compete.services.certificates.revoking import StillGiven, revocation_word
from compete.services.certificates.settling import (
    as_given,
    asked_mark,
    gives_another_grade,
    keep_word,
    may_decide_anew,
    why_not,
)
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.participants import crewed_in
from compete.services.results.change_counts import version_changes
from compete.services.results.changed_lines import ChangedLine, Line
from compete.services.results.consequences import UNSETTLED
from compete.services.results.labour_grounds import LostGround
from compete.web.certificate_words import shown_number, title_of
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.awards.kept_words import words_if_kept
from compete.web.organiser.awards.nominated.grounds import ground_words
from compete.web.organiser.shapes import View
from compete.web.templating import moment
from compete.web.words import outcome_word, ranked_here

_Q = ConsequenceState
SHOWN = ("all", "open", "withdrawn", "replaced", "kept")
KINDS = ("award", "grade", "approval")
NAMED = 6


def filter_key(row: Consequence) -> str:
    """Return the filter of the page that a row comes under."""
    return "open" if row.state in UNSETTLED else row.state.value


def row_words(
    row: Consequence,
    me: Account,
    *,
    may_settle: bool,
    opened: bool,
    show: str | None,
    what: str | None,
    sent: str,
) -> dict[str, Any]:
    """Describe a row as the page lists it; `me` is the account that looks.

    `sent` is the way that was chosen for the `opened` one and refused, or empty.
    """
    waiting = row.state in UNSETTLED
    anew = not waiting and may_decide_anew(row)
    may = may_settle and (waiting or anew)
    keeping = row.state is _Q.KEEPING
    acts = _acts(row) if may and opened else None
    barred = keep_word(row).why_not(me) if keeping else None
    return {
        "row": row,
        "paper": _paper(row),
        "was": _title(row, row.was),
        "now": _now(row),
        "why": _("；").join(_reasons(row)),
        "settled": _signed(row.settler, row.settled_at),
        "agreed": _signed(row.agreer, row.agreed_at),
        "if_kept": words_if_kept(row) if row.state in (_Q.KEEPING, _Q.KEPT) else None,
        "earlier": [_earlier(decision) for decision in row.earlier or []],
        "open_url": url_for(
            "organiser.consequences",
            open=row.id if waiting else None,
            anew=row.id if anew else None,
            show=show,
            what=what,
        )
        if may and not opened
        else None,
        "anew": anew,
        "acts": acts,
        "seen": asked_mark(row),
        "chosen": _chosen(acts or (), sent),
        "agree_url": url_for("organiser.agree_consequence", number=row.id, asked=asked_mark(row))
        if keeping and barred is None
        else None,
        "agree_why_not": say(barred) if barred is not None else None,
    }


def _signed(account: Account | None, at: datetime | None) -> str | None:
    """Name the signer and the time; and the card's owner, if it was another's."""
    return f"{say(signed_as(account, at))} {moment(at)}" if account is not None else None


def _earlier(decided: Mapping[str, str]) -> str:
    """Describe an earlier decision: how, by whom, when and why."""
    names = {
        "withdrawn": _("撤回"),
        "replaced": _("换发"),
        "kept": _("保留"),
    }
    who = _("、").join(name for name in (decided["by"], decided["agreed"]) if name)
    at = moment(datetime.fromisoformat(decided["at"])) if decided["at"] else ""
    said = _("先定的是%(act)s：%(who)s %(at)s", act=names[decided["state"]], who=who, at=at)
    return f"{said}，{decided['reason']}" if decided["reason"] else said


def kind_filters(rows: Sequence[Consequence], kind: str, shown: str) -> list[View]:
    """The kinds of papers concerned, to look at one alone; none where there is but one."""
    names = {"award": _("获奖证书"), "grade": _("等级证书"), "approval": _("已批准，还没发证")}
    counted = Counter(row.kind for row in rows)
    if len(counted) < 2:
        return []
    show = None if shown == "all" else shown
    return [
        View(
            label=f"{names.get(key) or _('全部种类')} {counted[key] if key else len(rows)}",
            url=url_for("organiser.consequences", what=key or None, show=show),
            current=kind == key,
        )
        for key in ("", *KINDS)
        if not key or counted[key]
    ]


def due_words(replacing: Sequence[str], fresh: Sequence[str], grades: int) -> list[tuple[str, str]]:
    """Describe the next papers to go out: certificates that replace others, and new ones."""
    found = [
        (text, say(some_of(names, NAMED)))
        for names, text in (
            (replacing, _("换发 %(n)s 张", n=len(replacing))),
            (fresh, _("新发 %(n)s 张", n=len(fresh))),
        )
        if names
    ]
    if grades:
        found.append((_("等级证书 %(n)s 张", n=grades), ""))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One person or team of the correction."""

    code: str
    name: str
    was_name: str | None
    """The name before, where it is another."""
    unit: str
    cells: Sequence[tuple[str, str]]
    """Rank, total, awards and grades: the former words, and the present ones."""


def changed_row(line: ChangedLine) -> ChangedRow:
    """Describe one person or team of the correction: the old and new values that moved."""
    was, now = line.was, line.now
    known = now or was
    return ChangedRow(
        code=line.code,
        name=known.name if known else "",
        was_name=was.name if was and now and was.name != now.name else None,
        unit=known.unit if known else "",
        cells=[(say_of(was), say_of(now)) for say_of in _SAID[ranked_here()]],
    )


def _rank_of(line: Line | None) -> str:
    return str(line.rank) if line and line.rank else "—"


def _total_of(line: Line | None) -> str:
    if line is None or line.total is None:
        return "—"
    return f"{line.stage} {line.total}" if line.stage else line.total


def _awards_of(line: Line | None) -> str:
    return _("、").join(line.awards) if line and line.awards else "—"


def _grade_of(line: Line | None) -> str:
    return say(line.grade) if line and line.grade else "—"


_SAID = {
    True: (_rank_of, _total_of, _awards_of, _grade_of),
    False: (_grade_of,),
}
"""What a line says, where anybody is ranked and where nobody is: marks are the candidate's own."""


def said_of_lines() -> list[str]:
    """The heads over it."""
    if not ranked_here():
        return [_("等级")]
    return [_("名次"), _("总成绩"), _("奖项"), _("晋升")]


def revocation_words(asked: Revocation, me: Account) -> tuple[Revocation, str | None, str | None]:
    """A request to void a certificate or give it again: who asked, and why `me` may not agree."""
    barred = revocation_word(asked).why_not(me)
    signed = _signed(asked.asker, asked.asked_at)
    return asked, signed, say(barred) if barred is not None else None


def still_given_row(row: StillGiven) -> dict[str, Any]:
    """Describe what voiding it left as it was, with the page of the next step."""
    version = _("公布的成绩里，名次、奖项和拟晋升还在")
    papers = [_("%(paper)s 还有效", paper=shown_number(each)) for each in row.valid]
    striking = row.certificate.entrant_id is not None and not row.struck
    page, label = (
        ("organiser.decisions", _("去取消成绩"))
        if striking
        else ("organiser.overview", _("去锁定、公布新一版"))
    )
    said = _("成绩已经取消，还没公布新一版") if row.struck else version
    return {
        "who": row.certificate.face["name"],
        "paper": f"{shown_number(row.certificate)} {title_of(row.certificate)}",
        "left": [said, *papers],
        "url": allowed_url(page),
        "label": label,
    }


def alike(rows: Sequence[Consequence]) -> list[dict[str, Any]]:
    """Open rows with the same change, which one act may settle at once; two or more of each."""
    groups: dict[tuple[str, str, str], list[Consequence]] = {}
    for row in rows:
        if row.state is _Q.OPEN:
            groups.setdefault((row.kind, _title(row, row.was), _now(row)), []).append(row)
    return [
        {
            "was": was,
            "now": now,
            "count": len(group),
            "ids": ",".join(str(row.id) for row in group),
            "act": as_given(group[0]),
        }
        for (_kind, was, now), group in groups.items()
        if len(group) > 1
    ]


def open_rows(rows: Sequence[Consequence]) -> list[dict[str, Any]]:
    """List the rows that one act may settle as the version has it; none if it is one alone."""
    waiting = [row for row in rows if row.state is _Q.OPEN]
    acts = {"withdraw": _("撤回"), "replace": _("换发")}
    return [
        {
            "id": row.id,
            "who": f"{row.was['name']} {_paper(row)}",
            "act": acts[as_given(row)],
            "was": _title(row, row.was),
            "now": _now(row),
        }
        for row in waiting
        if len(waiting) > 1
    ]


def summary(publication: Publication) -> list[tuple[str, str]]:
    """Count the ranks, awards, grades and totals that moved since the version before."""
    moved = version_changes(publication)
    if moved is None:
        return []
    kinds = crewed_in(publication.competition)

    def counted(people: int, teams: int) -> str:
        # Where crews take part, what has an award or a total is no person.
        alone = say(heads(people, kinds)) if True in kinds else _("个人 %(n)s", n=people)
        said = ((people, alone), (teams, _("团体 %(n)s", n=teams)))
        return _("，").join(text for count, text in said if count)

    ranks = _("%(who)s变了", who=say(heads(moved.ranks, kinds))) if moved.ranks else ""
    grades = _("%(n)s 人变了", n=moved.grades) if moved.grades else ""
    facts: Sequence[tuple[str, str]]
    if ranked_here():
        facts = (
            (_("名次"), ranks),
            (_("奖项"), counted(moved.awards, moved.team_awards)),
            (_("晋升"), grades),
            (_("总成绩"), counted(moved.totals, moved.team_totals)),
        )
    else:
        marks = _("%(n)s 人变了", n=moved.totals) if moved.totals else ""
        facts = ((_("成绩"), marks), (_("等级"), grades))
    return [(label, value or _("没变")) for label, value in facts]


def counts_of(rows: Sequence[Consequence]) -> dict[str, int]:
    """Count the rows under each filter."""
    counted = Counter(filter_key(row) for row in rows)
    return {"all": len(rows)} | {key: counted[key] for key in SHOWN[1:]}


def _acts(row: Consequence) -> list[dict[str, Any]]:
    hints = {
        "replace": _("新证批准后发，新号替换旧号。在那之前旧证照用")
        if gives_another_grade(row)
        else _("发新证时换，新号替换旧号")
        if row.kind != "approval"
        else _("按新的等级重新批准"),
        "withdraw": _("这张证书现在就作废，查验页写明原因")
        if row.kind != "approval"
        else _("原来的批准不再算"),
        "keep": _("写明理由，再要一个人同意；旧证照用，不发新的"),
    }
    if then := words_if_kept(row):
        hints["keep"] = _("；").join((hints["keep"], then))
    names = {"replace": _("换发"), "withdraw": _("撤回"), "keep": _("保留")}
    acts = []
    for act in ("replace", "withdraw", "keep"):
        fault = why_not(row, act)
        acts.append(
            {
                "key": act,
                "name": names[act],
                "hint": say(fault) if fault is not None else hints[act],
                "blocked": fault is not None,
            }
        )
    return acts


def _chosen(acts: Sequence[dict[str, Any]], sent: str) -> str:
    """The one sent before, else the first that can be taken."""
    open_ = [act["key"] for act in acts if not act["blocked"]]
    if sent in open_:
        return sent
    return open_[0] if open_ else ""


def _paper(row: Consequence) -> str:
    if row.certificate is None:
        return _("已批准，还没发证")
    return shown_number(row.certificate)


def _now(row: Consequence) -> str:
    return _title(row, row.now) if row.now else _("没有")


def _title(row: Consequence, said: dict[str, Any]) -> str:
    if "grade" in said:
        ladder = ladder_of(row.entrant.event) if row.entrant else NATIONAL
        return say(grade_label(said["grade"], ladder))
    return " ".join(part for part in (said.get("item"), said["award"]) if part)


def _reasons(row: Consequence) -> list[str]:
    why, found = row.why, []
    if "carried" in why:
        found.append(_("带来的成绩作废了：%(why)s", why=why["carried"]))
    if "status" in why:
        found.append(
            _("还没评完") if why["status"] == "incomplete" else outcome_word(why["status"])
        )
    # Of an award for a single item, place and score are that item's.
    item = row.was.get("item")
    words = {
        "rank": msg("%(item)s 第 %(was)s → 第 %(now)s 名")
        if item
        else msg("第 %(was)s → 第 %(now)s 名"),
        "total": msg("%(item)s 成绩 %(was)s → %(now)s") if item else msg("总分 %(was)s → %(now)s"),
        "name": msg("姓名 %(was)s → %(now)s"),
        "crew": msg("组合 %(was)s → %(now)s"),
        "unit": msg("单位 %(was)s → %(now)s"),
    }
    for key, said in words.items():
        if key in why:
            was, now = why[key]
            found.append(say(msg(said.text, item=item or "", was=was, now=now)))
    if "members" in why:
        was, now = why["members"]
        gone = [name for name in was or () if name not in (now or ())]
        come = [name for name in now or () if name not in (was or ())]
        found.append(
            _(
                "队员 %(was)s → %(now)s",
                was=_("、").join(gone) or _("没有"),
                now=_("、").join(come) or _("没有"),
            )
            if gone or come
            else _("计分队员的次序变了")
        )
    if why.get("paper"):
        found.append(_("证件号码更正了"))
    if "ground" in why:
        found.append(ground_words(LostGround(**why["ground"])))
    if found:
        return found
    if row.now is not None and row.was.get("award") != row.now.get("award"):
        # As many places as there are people ranked: others came or went.
        return [_("名次没变：按这一版的人数和规则，这个名次是“%(now)s”", now=_now(row))]
    return [_("按新的一版不再符合")]
