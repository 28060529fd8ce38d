"""The page of a new version: what it leaves to settle, who settled it, what waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Certificate, Competition, Consequence
from compete.services.certificates.award_certificates import awards_due
from compete.services.certificates.grades_due import grades_ready
from compete.services.certificates.issuing_gate import notice_running
from compete.services.certificates.revoking import (
    agree_revocation,
    drop_revocation,
    open_revocations,
    standing_revocation,
    still_given,
)
from compete.services.certificates.settling import agree, find_consequences, settle, settle_as_given
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.results.changed_lines import changed_lines
from compete.services.results.consequences import UNSETTLED, compare_again, consequences_of
from compete.services.results.snapshots import latest_publication
from compete.web import guard
from compete.web.certificate_words import shown_number
from compete.web.guard import may_open
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.consequences.view_model import (
    KINDS,
    SHOWN,
    alike,
    changed_row,
    counts_of,
    due_words,
    filter_key,
    kind_filters,
    open_rows,
    revocation_words,
    row_words,
    said_of_lines,
    still_given_row,
    summary,
)
from compete.web.organiser.list_book import send_list
from compete.web.organiser.shapes import competition_link
from compete.web.pages import own_row
from compete.web.paging import asked_number, asked_page, describe_page
from compete.web.refusals import status_of
from compete.web.templating import moment

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
    rows = [row for row in of_kind if shown in ("all", filter_key(row))]
    page = _page_of(rows, asked) if problem is not None else asked_page()
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
        kinds=kind_filters(everything, what, shown),
        revocations=[revocation_words(row, current_user) for row in open_revocations(competition)],
        may_drop=may_settle,
        shown_number=shown_number,
        problem=problem,
        still_given=[still_given_row(row) for row in still_given(competition)],
        filtered=filtered,
        rows=[
            row_words(
                row,
                current_user,
                may_settle=may_settle,
                opened=row.id == asked,
                sent=wanted.get("act", "") if problem is not None else "",
                **filtered,
            )
            for row in rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
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
        if publication.version > 1 and competition.kind != "labour"
        else None,
        certificates_url=guard.allowed_url("organiser.certificates"),
        page=describe_page(
            len(rows), page, PAGE_SIZE, "organiser.consequences", show=shown, what=what
        ),
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
        heads=said_of_lines(),
        events=[
            (name, [changed_row(line) for line in lines if line.event == name])
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
        for line, row in ((line, changed_row(line)) for line in changed_lines(publication))
    ]
    heads = [_("赛项"), _("编号"), _("姓名"), _("原来的姓名"), _("单位")]
    for what in said_of_lines():
        heads += [_("原来的%(what)s", what=what), what]
    return send_list(competition, msg("更正公告"), heads, rows)


@face.post("/<code>/consequences")
@guard.may(Right.ISSUE, of=guard.ANY_KIND)
def settle_consequences(competition: Competition) -> ResponseReturnValue:
    """Withdraw, replace or keep: one, or several that are alike."""
    act = request.form.get("act", "")
    rows = find_consequences(competition, _ids(",".join(request.form.getlist("rows"))))
    if act == "given":
        count = settle_as_given(rows, current_user, request.form.get("reason", ""))
        flash(_("照新的一版办了 %(n)s 件", n=count), "ok")
        return redirect(url_for("organiser.consequences"))
    try:
        count = settle(
            rows,
            act,
            current_user,
            request.form.get("reason", ""),
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
        new = say(listed(shown_number(each) for each in made))
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


def _page_of(rows: Sequence[Consequence], number: int | None) -> int:
    """Return the number of the page that has the row."""
    return next((at for at, row in enumerate(rows) if row.id == number), 0) // PAGE_SIZE + 1


def _ids(text: str) -> list[int]:
    parts = [part for part in text.split(",") if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        abort(400)
    return [int(part) for part in parts]
