"""The page of a new version: what it leaves to settle, who settled it, what waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.crews import heads
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.grades.ladder import NATIONAL, grade_label
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import listed, msg, some_of
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Account, Certificate, Competition, Consequence, Publication, Revocation
from compete.services.accounts.card_handlers import signed_as
from compete.services.awards.issuing_gate import notice_running
from compete.services.certificates.award_certificates import awards_due
from compete.services.certificates.grades_due import grades_ready
from compete.services.certificates.revocation_requests import (
    open_revocations,
    standing_revocation,
)
from compete.services.certificates.revoking import (
    StillGiven,
    agree_revocation,
    drop_revocation,
    prizes_still_given,
    revocation_word,
)
from compete.services.certificates.settling import (
    act_by_results,
    agree,
    asked_mark,
    find_consequences,
    keep_word,
    may_decide_anew,
    settle,
    settle_by_results,
    why_not,
)
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.participants import crewed_in
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.results.change_counts import version_changes as changes_of
from compete.services.results.changed_lines import ChangedLine, Line, changed_lines
from compete.services.results.consequences import (
    UNSETTLED,
    compare_again,
    consequences_of,
    gives_another_grade,
)
from compete.services.results.labour_grounds import LostGround
from compete.services.results.snapshots import published_event
from compete.web import guard
from compete.web.certificate_words import shown_number, title_of
from compete.web.guard import allowed_url, may_open
from compete.web.language import say
from compete.web.organiser.awards.kept_words import keeping_words
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.consequences.moves import moves_since_issued
from compete.web.organiser.list_book import send_list
from compete.web.organiser.shapes import View, competition_link
from compete.web.pages import own_row
from compete.web.paging import asked_number, part_of
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import status_of
from compete.web.templating import moment
from compete.web.verdict_words import verdict_word, why_words
from compete.web.words import outcome_word, ranked_here

_Q = ConsequenceState
SHOWN = ("all", "open", "withdrawn", "replaced", "kept")
KINDS = ("award", "grade", "approval", "given")
NAMED = 6


def _filter_key(row: Consequence) -> str:
    """Return the filter of the page that a row comes under."""
    return "open" if row.state in UNSETTLED else row.state.value


def _row_words(
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
        "if_kept": keeping_words(row) if row.state in (_Q.KEEPING, _Q.KEPT) else None,
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
        "chosen": _chosen_act(acts or (), sent),
        "agree_url": url_for("organiser.agree_consequence", number=row.id, asked=asked_mark(row))
        if keeping and barred is None
        else None,
        "agree_why_not": say(barred),
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
        "keeping": _("保留，没等到同意"),
    }
    who = _("、").join(name for name in (decided["by"], decided["agreed"]) if name)
    at = moment(datetime.fromisoformat(decided["at"])) if decided["at"] else ""
    decision = _("先定的是%(act)s：%(who)s %(at)s", act=names[decided["state"]], who=who, at=at)
    return f"{decision}，{decided['reason']}" if decided["reason"] else decision


def _kind_filters(rows: Sequence[Consequence], kind: str, shown: str) -> list[View]:
    """The kinds of papers concerned, to look at one alone; none where there is but one."""
    names = {
        "": _("全部种类"),
        "award": _("获奖证书"),
        "grade": _("等级证书"),
        "approval": _("已批准，还没发证"),
        "given": _("已评定，还没发证"),
    }
    counted = Counter(row.kind for row in rows)
    if len(counted) < 2:
        return []
    show = None if shown == "all" else shown
    return [
        View(
            label=f"{names[key]} {counted[key] if key else len(rows)}",
            url=url_for("organiser.consequences", what=key or None, show=show),
            current=kind == key,
        )
        for key in ("", *KINDS)
        if not key or counted[key]
    ]


def due_words(replacing: Sequence[str], fresh: Sequence[str], grades: int) -> list[tuple[str, str]]:
    """Describe the next papers to go out: certificates that replace others, and new ones."""
    papers = [
        (text, say(some_of(names, NAMED)))
        for names, text in (
            (replacing, _("换发 %(n)s 张", n=len(replacing))),
            (fresh, _("新发 %(n)s 张", n=len(fresh))),
        )
        if names
    ]
    if grades:
        papers.append((_("等级证书 %(n)s 张", n=grades), ""))
    return papers


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


def _changed_row(line: ChangedLine) -> ChangedRow:
    """Describe one person or team of the correction: the old and new values that moved."""
    was, now = line.was, line.now
    known = now or was
    return ChangedRow(
        code=line.code,
        name=known.name if known else "",
        was_name=was.name if was and now and was.name != now.name else None,
        unit=known.unit if known else "",
        cells=list(zip(_said_of(was), _said_of(now), strict=True)),
    )


def _said_of(line: Line | None) -> list[str]:
    """Rank, total, awards and grade; where nobody is ranked marks are the candidate's own."""
    line = line or Line("", "")
    grade = say(line.grade) if line.grade else "—"
    if not ranked_here():
        return [grade]
    total = f"{line.stage} {line.total}" if line.stage and line.total else line.total
    awards = _("、").join(line.awards)
    return [str(line.rank or "—"), total or "—", awards or "—", grade]


def _said_of_lines() -> list[str]:
    """The heads over it."""
    if not ranked_here():
        return [_("等级")]
    return [_("名次"), _("总成绩"), _("奖项"), _("晋升")]


def _revocation_words(asked: Revocation, me: Account) -> tuple[Revocation, str | None, str | None]:
    """A request to void a certificate or give it again: who asked, and why `me` may not agree."""
    barred = say(revocation_word(asked).why_not(me))
    return asked, _signed(asked.asker, asked.asked_at), barred


def _prize_still_given_row(row: StillGiven) -> dict[str, Any]:
    """Describe what voiding it left as it was, with the page of the next step."""
    standing = (
        _("公布的成绩里，名次、奖项和拟晋升还在") if ranked_here() else _("公布的结论里还是合格")
    )
    page, label, only = "organiser.overview", _("去锁定、公布新一版"), None
    if row.restored:
        standing = _("取消成绩撤回了，证书还是撤销的")
        page, label, only = "organiser.certificates", _("去重新发"), "revoked"
    elif row.struck:
        standing = _("成绩已经取消，还没公布新一版")
    elif row.certificate.entrant_id is not None:
        page, label = "organiser.decisions", _("去取消成绩")
    papers = [_("%(paper)s 还有效", paper=shown_number(paper)) for paper in row.valid]
    return {
        "who": row.certificate.face["name"],
        "paper": f"{shown_number(row.certificate)} {title_of(row.certificate)}",
        "left": [standing, *papers],
        "url": allowed_url(page, state=only),
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
            "act": act_by_results(group[0]),
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
            "act": acts[act_by_results(row)],
            "was": _title(row, row.was),
            "now": _now(row),
        }
        for row in waiting
        if len(waiting) > 1
    ]


def summary(publication: Publication) -> list[tuple[str, str]]:
    """Count the ranks, awards, grades and totals that moved since the version before."""
    moved = changes_of(publication)
    if moved is None:
        return []
    kinds = crewed_in(publication.competition)

    def counted(people: int, teams: int) -> str:
        # Where crews take part, what has an award or a total is no person.
        alone = say(heads(people, kinds)) if True in kinds else _("个人 %(n)s", n=people)
        counts = ((people, alone), (teams, _("团体 %(n)s", n=teams)))
        return _("，").join(text for count, text in counts if count)

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
    counted = Counter(_filter_key(row) for row in rows)
    return {"all": len(rows)} | {key: counted[key] for key in SHOWN[1:]}


def _acts(row: Consequence) -> list[dict[str, Any]]:
    hints = {
        "replace": _("新证批准后发，新号替换旧号。在那之前旧证照用")
        if gives_another_grade(row)
        else _("发新证时换，新号替换旧号")
        if row.kind != "approval"
        else _("按新的等级重新批准"),
        "withdraw": _("这张证书现在就作废，查验页写明原因")
        if row.certificate is not None
        else _("评定收回，不发证")
        if row.kind == "given"
        else _("原来的批准不再算"),
        "keep": _("写明理由，再要一个人同意；旧证照用，不发新的")
        if row.kind != "given"
        else _("写明理由，再要一个人同意；评定照算，照发证"),
    }
    if then := keeping_words(row):
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


def _chosen_act(acts: Sequence[dict[str, Any]], sent: str) -> str:
    """The one sent before, else the first that can be taken."""
    open_ = [act["key"] for act in acts if not act["blocked"]]
    if sent in open_:
        return sent
    return open_[0] if open_ else ""


def _paper(row: Consequence) -> str:
    if row.certificate is None:
        return _("已评定，还没发证") if row.kind == "given" else _("已批准，还没发证")
    return shown_number(row.certificate)


def _now(row: Consequence) -> str:
    return _title(row, row.now) if row.now else _("没有")


def _title(row: Consequence, outcome: dict[str, Any]) -> str:
    if "grade" in outcome:
        ladder = ladder_of(row.entrant.event) if row.entrant else NATIONAL
        return say(grade_label(outcome["grade"], ladder))
    return " ".join(part for part in (outcome.get("item"), outcome["award"]) if part)


def _reasons(row: Consequence) -> list[str]:
    why, reasons = row.why, []
    if "carried" in why:
        reasons.append(_("带来的成绩作废了：%(why)s", why=why["carried"]))
    if "verdict" in why:
        reasons.append(_verdict_words(row, why["verdict"]))
    elif "status" in why and why["status"] != "ranked":
        # A program from before wrote that word of whoever failed.
        reasons.append(
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
    for key, wording in words.items():
        if key in why:
            was, now = why[key]
            reasons.append(say(msg(wording.text, item=item or "", was=was, now=now)))
    if "members" in why:
        was, now = why["members"]
        gone = [name for name in was or () if name not in (now or ())]
        come = [name for name in now or () if name not in (was or ())]
        reasons.append(
            _(
                "队员 %(was)s → %(now)s",
                was=_("、").join(gone) or _("没有"),
                now=_("、").join(come) or _("没有"),
            )
            if gone or come
            else _("计分队员的次序变了")
        )
    if why.get("paper"):
        reasons.append(_("证件号码更正了"))
    if "ground" in why:
        reasons.append(say(LostGround(**why["ground"]).words))
    if reasons:
        return reasons
    if row.now is not None and row.was.get("award") != row.now.get("award"):
        # As many places as there are people ranked: others came or went.
        return [_("名次没变：按这一版的人数和规则，这个名次是“%(now)s”", now=_now(row))]
    moved = [
        say(msg(words[key].text, item=item or "", was=was, now=now))
        for key, was, now in moves_since_issued(row)
    ]
    if moved:
        return moved
    if row.now is not None:
        return [_("按这一版是“%(now)s”", now=_now(row))]
    return [_("按新的一版不再符合")]


def _verdict_words(row: Consequence, verdict: str) -> str:
    """Say a verdict, and what is short by the version that gives it."""
    entrant = row.entrant
    if entrant is None:
        return verdict_word(verdict)
    out = published_event(row.publication, entrant.event.code)
    if out is None:
        return verdict_word(verdict)
    rules, results = out
    own = next(it for it in verdicts_of(results).verdicts if it.entrant == entrant.code)
    short = why_words(rules, own)
    return "：".join(text for text in (verdict_word(verdict), short) if text)


PAGE_SIZE = 50
_STANDING = (*UNSETTLED, ConsequenceState.KEPT)


@face.get("/<code>/consequences")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def consequences(competition: Competition) -> ResponseReturnValue:
    """Show what the newest version leaves to be done, and who did what of it."""
    asked = asked_number("open") or asked_number("anew")
    return _page(competition, request.args, asked)


def _page(
    competition: Competition,
    wanted: Mapping[str, str],
    asked: int | None,
    problem: str | None = None,
) -> ResponseReturnValue:
    """Render the page with one row opened; what was sent stands in it, with its `problem`."""
    publication = latest_publication(competition)
    if publication is None:
        return redirect(url_for("organiser.overview"))
    everything = [
        row
        for row in consequences_of(competition)
        if row.state is not ConsequenceState.OVERTAKEN
        # A paper kept against an earlier version stands against this one as well.
        and (row.state in _STANDING or row.publication_id == publication.id)
    ]
    everything.sort(key=lambda row: (row.state not in UNSETTLED, row.id))
    shown = wanted.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    what = wanted.get("what", "")
    what = what if what in KINDS else ""
    of_kind = [row for row in everything if what in ("", row.kind)]
    counts = counts_of(everything)
    rows = [row for row in of_kind if shown in ("all", _filter_key(row))]
    at = next((at for at, row in enumerate(rows) if row.id == asked), 0)
    part, page = part_of(
        rows,
        PAGE_SIZE,
        "organiser.consequences",
        opened=at if problem is not None else None,
        show=shown,
        what=what,
    )
    filtered = {"show": None if shown == "all" else shown, "what": what or None}
    may_settle = may_open("organiser.settle_consequences")
    waiting = counts["open"]
    replacing, fresh = awards_due(competition)
    grades = grades_ready(competition)
    return render_template(
        "organiser/certificates/consequences/consequences.html",
        competition=competition_link(competition),
        version=publication.version,
        published=moment(publication.published_at),
        note=publication.note,
        facts=summary(publication),
        waiting=waiting,
        reviewed=sum(1 for row in everything if row.state in UNSETTLED and row.certificate_id),
        counts=counts,
        shown_counts=counts_of(of_kind),
        shown=shown,
        filter_urls={
            key: url_for(
                "organiser.consequences",
                show=None if key == "all" else key,
                what=what or None,
            )
            for key in SHOWN
        },
        kinds=_kind_filters(everything, what, shown),
        revocations=[_revocation_words(row, current_user) for row in open_revocations(competition)],
        may_drop=may_settle,
        shown_number=shown_number,
        problem=problem,
        prizes_still_given=[_prize_still_given_row(row) for row in prizes_still_given(competition)],
        filtered=filtered,
        rows=[
            _row_words(
                row,
                current_user,
                may_settle=may_settle,
                opened=row.id == asked,
                sent=wanted.get("act", "") if problem is not None else "",
                **filtered,
            )
            for row in part
        ],
        alike=alike(everything) if may_settle else [],
        as_given=open_rows(everything) if may_settle else [],
        settle_url=url_for("organiser.settle_consequences"),
        compare_url=guard.allowed_url("organiser.compare_consequences"),
        ready=len(replacing) + len(fresh) + grades,
        due=due_words(replacing, fresh, grades),
        changes_url=url_for("organiser.version_changes") if publication.version > 1 else None,
        before_url=url_for(
            "public.standings", code=competition.code, version=publication.version - 1
        )
        if publication.version > 1 and competition_kind(competition).of_people
        else None,
        certificates_url=guard.allowed_url("organiser.certificates"),
        page=page,
    )


@face.get("/<code>/consequences/changes")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def version_changes(competition: Competition) -> ResponseReturnValue:
    """Show the notice of a correction: the people whom the newest version places otherwise."""
    publication = latest_publication(competition)
    if publication is None or publication.version == 1:
        return redirect(url_for("organiser.overview"))
    lines = changed_lines(publication)
    return render_template(
        "organiser/certificates/consequences/changes.html",
        competition=competition_link(competition),
        version=publication.version,
        published=moment(publication.published_at),
        note=publication.note,
        words=hash_phrase(bytes.fromhex(publication.sha256)),
        until=moment(until) if (until := notice_running(competition)) else None,
        facts=summary(publication),
        heads=_said_of_lines(),
        events=[
            (name, [_changed_row(line) for line in lines if line.event == name])
            for name in dict.fromkeys(line.event for line in lines)
        ],
        book_url=url_for("organiser.version_changes_book"),
        back_url=url_for("organiser.consequences"),
    )


@face.get("/<code>/consequences/changes.xlsx")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def version_changes_book(competition: Competition) -> Response:
    """Download whom the newest version places otherwise: the old and the new, in columns."""
    publication = latest_publication(competition)
    if publication is None or publication.version == 1:
        abort(404)
    rows = [
        [
            *(line.event, row.code, row.name, row.was_name or "—", row.unit),
            *(text for cell in row.cells for text in cell),
        ]
        for line, row in ((line, _changed_row(line)) for line in changed_lines(publication))
    ]
    heads = [_("赛项"), _("编号"), _("姓名"), _("原来的姓名"), _("单位")]
    for what in _said_of_lines():
        heads += [_("原来的%(what)s", what=what), what]
    return send_list(competition, msg("更正公告"), heads, rows)


@face.post("/<code>/consequences")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def settle_consequences(competition: Competition) -> ResponseReturnValue:
    """Withdraw, replace or keep: one, or several that are alike."""
    act = posted_text("act")
    rows = find_consequences(competition, _ids(",".join(request.form.getlist("rows"))))
    if act == "given":
        count = settle_by_results(rows, current_user, posted_reason())
        flash(_("照新的一版办了 %(n)s 件", n=count), "ok")
        return redirect(url_for("organiser.consequences"))
    try:
        count = settle(
            rows,
            act,
            current_user,
            posted_reason(),
            seen=request.form.get("seen"),
        )
    except Refused as refused:
        wrong = refused.kind is Refusal.INVALID
        if len(rows) != 1 or (not wrong and "seen" not in request.form):
            raise
        if not wrong:
            flash(say(refused.message), "warn")
        page = _page(competition, request.form, rows[0].id, say(refused.message))
        return make_response(page, status_of(refused))
    words = {
        "withdraw": _("撤回了 %(n)s 件", n=count),
        "replace": _("定了换发 %(n)s 件", n=count),
        "keep": _("提了保留，等第二个人同意"),
    }
    flash(words[act], "ok")
    show, what = request.form.get("show"), request.form.get("what")
    return redirect(
        url_for(
            "organiser.consequences",
            show=show if show in SHOWN[1:] else None,
            what=what if what in KINDS else None,
        )
    )


@face.post("/<code>/consequences/compare")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def compare_consequences(competition: Competition) -> ResponseReturnValue:
    """Hold what was issued against the version in force once more."""
    waiting = compare_again(competition, current_user)
    flash(_("比过了，有 %(n)s 件要办", n=waiting), "warn" if waiting else "ok")
    return redirect(url_for("organiser.consequences"))


@face.post("/<code>/consequences/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.ANY_KIND)
def agree_consequence(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that a certificate is kept."""
    row = find_consequences(competition, [number])[0]
    agree(row, current_user, seen=request.args.get("asked"))
    flash(_("同意了，这一张保留"), "ok")
    return redirect(url_for("organiser.consequences"))


@face.post("/<code>/certificates/<int:number>/revoke/agree")
@guard.may(Right.AGREE, of=guard.ANY_KIND)
def agree_to_revoke(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that a certificate is made void, or given again."""
    certificate = own_row(Certificate, competition, number)
    asked = standing_revocation(certificate)
    strike = asked is not None and asked.strike
    made = agree_revocation(certificate, current_user, seen=request.args.get("asked"))
    old = shown_number(certificate)
    if strike:
        flash(_("成绩取消了，证书撤销了。评分打开着：再锁定，公布新一版"), "ok")
    elif not made:
        flash(_("已撤销 %(number)s", number=old), "ok")
    else:
        new = say(listed(shown_number(certificate) for certificate in made))
        flash(_("重新发了：%(new)s 代替撤销了的 %(old)s", new=new, old=old), "ok")
    return redirect(url_for("organiser.consequences"))


@face.post("/<code>/certificates/<int:number>/revoke/drop")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def drop_revoke(competition: Competition, number: int) -> ResponseReturnValue:
    """Drop the request to make a certificate void, or to give it again."""
    certificate = own_row(Certificate, competition, number)
    drop_revocation(certificate, current_user)
    number_words = shown_number(certificate)
    flash(
        _("不撤销 %(number)s 了", number=number_words)
        if certificate.state is CertificateState.VALID
        else _("不重新发 %(number)s 了", number=number_words),
        "ok",
    )
    return redirect(url_for("organiser.consequences"))


def _ids(text: str) -> list[int]:
    numbers = [whole_number(part) for part in text.split(",") if part]
    if None in numbers:
        abort(400)
    return [number for number in numbers if number is not None]
