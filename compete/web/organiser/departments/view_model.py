"""Departments as rows and forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.messages import listed
from compete.domain.values.numerals import plain
from compete.models import Competition, LabourDepartment
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.departments import Recorder, departments_of, recorders_of
from compete.services.labour.signing_off import signed_periods, signer_of
from compete.services.labour.stands import closed_periods
from compete.web.addresses import public_url
from compete.web.language import say
from compete.web.organiser.departments.shapes import (
    DepartmentForm,
    DepartmentPage,
    DepartmentRow,
    DepartmentsPage,
    IndicatorChoice,
    RecorderCard,
    SignedPeriod,
)
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.templating import moment


def departments_page(
    competition: Competition, problem: str | None, typed: tuple[str, str, Collection[str]]
) -> DepartmentsPage:
    """All of them, and the form of a new one with what was typed: name, limit, indicators."""
    departments = departments_of(competition)
    names = {each.code: each.name for each in labour_of(competition).indicators}
    theirs = {code for row in departments for code in row.indicators}
    free = [name for code, name in names.items() if code not in theirs]
    return DepartmentsPage(
        competition=_link(competition),
        rows=department_rows(competition),
        form=_form(
            competition,
            None,
            typed,
            problem,
            url_for("organiser.add_department", code=competition.code),
        ),
        free=say(listed(free)) if free and departments else None,
        units_url=url_for("organiser.units", code=competition.code),
        text_url=url_for("organiser.unit_links_text", code=competition.code),
        book_url=url_for("organiser.departments_book", code=competition.code),
    )


def department_rows(competition: Competition) -> list[DepartmentRow]:
    """All of them, with who enters for each."""
    known = recorders_of(competition)
    names = {each.code: each.name for each in labour_of(competition).indicators}
    return [
        _row(competition, row, names, known.get(row.id, [])) for row in departments_of(competition)
    ]


def department_page(
    competition: Competition,
    department: LabourDepartment,
    tokens: Mapping[int, str],
    *,
    problem: str | None = None,
    link_problem: str | None = None,
    link_typed: str = "",
    end_problem: str | None = None,
    back_problem: str | None = None,
    typed: tuple[str, str, Collection[str]] | None = None,
) -> DepartmentPage:
    """One department: what it enters, who for it, what it has signed off.

    `tokens` are those of links that nobody has opened yet, by account.
    """
    code = competition.code
    over = "" if department.reason_over is None else plain(department.reason_over)
    names = {each.code: each.name for each in labour_of(competition).periods}
    closed = closed_periods(competition)
    return DepartmentPage(
        competition=_link(competition),
        back=Link(label=_("部门"), url=url_for("organiser.departments", code=code)),
        name=department.name,
        form=_form(
            competition,
            department,
            typed or (department.name, over, department.indicators),
            problem,
            url_for("organiser.change_department", code=code, number=department.id),
        ),
        recorders=[
            _recorder_card(each, tokens.get(each.account.id))
            for each in recorders_of(competition).get(department.id, ())
        ],
        recorder=link_typed,
        problem=link_problem,
        link_url=url_for("organiser.new_department_link", code=code, number=department.id),
        end_url=url_for("organiser.end_department_recorder", code=code, number=department.id),
        end_problem=end_problem,
        signed=[
            SignedPeriod(
                period=names.get(row.period, row.period),
                words=_(
                    "%(name)s %(when)s 签核，%(units)s 家 %(cells)s 格",
                    name=signer_of(row),
                    when=moment(row.signed_at),
                    units=row.units,
                    cells=row.cells,
                ),
                back_url=url_for(
                    "organiser.withdraw_labour_sign",
                    code=code,
                    number=department.id,
                    period=row.period,
                )
                if row.period not in closed
                else None,
            )
            for row in signed_periods(department)
        ],
        back_problem=back_problem,
    )


def _recorder_card(recorder: Recorder, token: str | None) -> RecorderCard:
    address = public_url("auth.use_link", token=token) if token else None
    return RecorderCard(
        name=recorder.account.name,
        standing=recorder.standing,
        address=address,
        picture=Markup(qr_svg(address, _("打分链接"))) if address else None,
    )


def _link(competition: Competition) -> CompetitionLink:
    return CompetitionLink(
        name=competition.name, url=url_for("organiser.labour", code=competition.code)
    )


def _row(
    competition: Competition,
    row: LabourDepartment,
    names: dict[str, str],
    recorders: Sequence[Recorder],
) -> DepartmentRow:
    periods = {each.code: each.name for each in labour_of(competition).periods}
    signed = [periods.get(each.period, each.period) for each in signed_periods(row)]
    return DepartmentRow(
        name=row.name,
        url=url_for("organiser.department", code=competition.code, number=row.id),
        indicators=say(listed(names.get(code, code) for code in row.indicators)),
        recorder=_("、").join(each.account.name for each in recorders) or None,
        signed=say(listed(signed[::-1])),
    )


def _form(
    competition: Competition,
    department: LabourDepartment | None,
    typed: tuple[str, str, Collection[str]],
    problem: str | None,
    save_url: str,
) -> DepartmentForm:
    name, over, ticked = typed
    taken = {
        code: row.name
        for row in departments_of(competition)
        if department is None or row.id != department.id
        for code in row.indicators
    }
    return DepartmentForm(
        name=name,
        over=over,
        indicators=[
            IndicatorChoice(
                code=each.code,
                name=each.name,
                ticked=each.code in ticked,
                taken=taken.get(each.code),
            )
            for each in labour_of(competition).indicators
        ],
        problem=problem,
        save_url=save_url,
    )
