"""Entering oneself, in words: the form, and where it stands afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.domain.identity.masks import mask_id, mask_phone
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.registration_columns import BACKGROUND
from compete.domain.values.messages import Message
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Entrant, Withdrawal
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.installation import config_here
from compete.services.kernel.participants import standing_withdrawal, withdrawal_word
from compete.services.registration.acceptance import COMING
from compete.services.registration.applications import HIDDEN, cells_of, unit_name_of
from compete.services.registration.portraits import portrait_mark, portrait_of
from compete.services.registration.self_entry.crew_entry import (
    OF_OTHERS,
    OTHERS,
    field_of,
    others_under,
    partners_of,
)
from compete.services.registration.self_entry.own_entry import (
    CORRECTABLE,
    TAKEABLE,
    UNSEEN,
    badge_behind,
    entrant_of_application,
    new_link,
    photo_holder,
    was_returned_by_unit,
    why_no_own_photo,
    why_not_take_back,
)
from compete.services.registration.self_entry.settings import (
    OTHER_UNIT,
    has_contact,
    own_offer,
    self_entry_of,
    why_nobody_can_enter,
)
from compete.services.registration.waiting_list import places_of
from compete.services.registration.window import window_of
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.people import RegistrationOffer
from compete.web.addresses import public_url
from compete.web.applicant_conditions import reviews_on_list, shortfalls, shortfalls_on_list
from compete.web.documents import chip_of_documents
from compete.web.entry_condition_words import conditions_of_events
from compete.web.language import say
from compete.web.organiser.registration.fields import PersonField, choices_of, hint_of
from compete.web.public.badge_plan import next_batch_words
from compete.web.shapes import Choice
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Fields that stand together under a heading."""

    title: str
    hint: str | None
    fields: Sequence[PersonField]
    folded: bool
    """True if it is shut until somebody wants it: nothing in it is wrong or filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """The form, new or again."""

    groups: Sequence[FieldGroup]
    link: str
    """The link under which it will stand, of a new one."""
    version: int | None
    """The version that is corrected; None of a new one."""
    first_paper: str
    """The paper whose number tells gender and birth."""
    other_unit: str
    """The value in the choice of units for one that is not on the list."""
    picture: str | None
    photo_error: str | None
    problem: str | None


_S = ApplicationState
_GRADE = ("group", "grade", "certificate", "grade_since", "months", "post", "promoted", "papers")
_FOLDED = tuple(key for key in BACKGROUND if key not in _GRADE)
_GROUPS = (
    ("event", "unit", "other_unit"),
    ("name", "paper", "id_number", "gender", "birth", "phone"),
    _GRADE,
    _FOLDED,
    ("consent",),
)
_REQUIRED = ("event", "unit", "name", "id_number", "phone", "consent")
Problems = Mapping[str, Message]


def enter_html(
    competition: Competition,
    typed: Mapping[str, str],
    problems: Problems,
    problem: str | None,
    link: str | None = None,
) -> str:
    """The page from which somebody enters; what was typed stands where it was typed."""
    why = why_nobody_can_enter(competition)
    settings, form = settings_of(competition), None
    if why is None or problems or problem:
        form = _form(competition, typed, {}, problems, problem, link=link or new_link())
    return render_template(
        "public/enter.html",
        heading=competition.name,
        subheading=_("个人报名"),
        closes=window_of(competition).closes if why is None else None,
        closed=why if form is None else None,
        asked=conditions_of_events(competition),
        form=form,
        contact=settings.contact,
        months=settings.keep_months or config_here().keep_months,
        code=competition.code,
    )


def own_html(
    application: Application,
    token: str,
    typed: Mapping[str, str] | None,
    problems: Problems,
    problem: str | None,
    *,
    arrived: bool = False,
    version: int | None = None,
) -> str:
    """Render the state of an own entry, and what its holder can do; `version` is that of which
    what was typed is a correction, where it is not the one that stands."""
    competition, cells = application.competition, cells_of(application)
    state = application.state
    entrant = entrant_of_application(application)
    correctable, changes = state in CORRECTABLE, state in UNSEEN
    why = why_nobody_can_enter(competition) if correctable or changes else None
    holder = photo_holder(application)
    portrait = portrait_of(holder) if holder is not None else None
    mark = portrait_mark(portrait)
    picture = url_for("public.own_photo", token=token, v=mark) if portrait is not None else None
    form = None
    if (correctable or changes) and (why is None or problem or problems):
        before = dict(cells)
        if application.unit is not None:
            before["unit"] = application.unit.code
        else:
            before |= {"unit": OTHER_UNIT, "other_unit": cells.get("unit", "")}
        form = _form(
            competition,
            before | dict.fromkeys(HIDDEN, "") if typed is None else typed,
            cells,
            problems,
            problem,
            version=application.version if version is None else version,
            picture=picture,
        )
    away = standing_withdrawal(entrant) if entrant is not None else None
    closed = why if correctable and form is None else None
    return render_template(
        "public/own_entry.html",
        heading=competition.name,
        subheading=_("我的报名"),
        application=application,
        own_link=token,
        unit=unit_name_of(application),
        id_number=cells.get("id_number"),
        crew=cells.get("crew"),
        together=others_under(token),
        away=say(withdrawal_word(away)) if away else "",
        lead=_lead(application, entrant, away=away, closed=closed is not None),
        by_unit=state is _S.RETURNED and was_returned_by_unit(application),
        place=places_of(competition)[application.public_id] if state is _S.WAITING else None,
        entrant=entrant,
        badge=badge_behind(application) if not away else None,
        short=_short(application, entrant),
        review=reviews_on_list(competition, [entrant]).get(entrant.code) if entrant else None,
        documents=None if away else chip_of_documents(entrant or application),
        steps=_steps(application),
        picture=picture,
        photo_mark=mark,
        shows_photo=not away and not correctable,
        no_photo=why_no_own_photo(application) if not away and not correctable else None,
        form=form,
        changes=changes,
        changing=bool(problem or problems),
        closed=closed,
        takes_back=why_not_take_back(application) is None,
        partners=len(partners_of(application, TAKEABLE)),
        address=public_url("public.own_entry", token=token),
        arrived=arrived,
        contact=settings_of(competition).contact,
        code=competition.code,
        problem=problem,
    )


def _short(application: Application, entrant: Entrant | None) -> str | None:
    """What the conditions want besides; None where they are met or nobody goes on with it."""
    competition = application.competition
    if entrant is not None:
        return shortfalls_on_list(competition, [entrant]).get(entrant.code)
    if application.state in COMING:
        return shortfalls(competition, [application]).get(application.public_id)
    return None


def _lead(
    application: Application, entrant: Entrant | None, *, away: Withdrawal | None, closed: bool
) -> str:
    state = application.state
    if away is not None and away.onward:
        return next_batch_words(away)
    if away is not None:
        return _("已经退赛。有疑问找组委会。")
    if state is _S.ACCEPTED and entrant is not None:
        if badge_behind(application) is None:
            return _("报上了。参赛证换过码，时间、地点、成绩扫新参赛证看。")
        return _("报上了。时间、地点、成绩都在参赛证的页面上。")
    if closed:
        out = _("撤回了，不算报名。不参加了，可以把资料删掉。")
        return _("退回来了，没有报上。") if state is _S.RETURNED else out
    return {
        _S.UNCONFIRMED: _("交上去了，等单位联系人确认，再给组委会看。"),
        _S.SUBMITTED: _("单位确认了，等组委会看。")
        if application.confirmed_at
        else _("交上去了，等组委会看。"),
        _S.WAITING: _("名额满了，排着候补。前面有人空出来，组委会按次序递补。"),
        _S.RETURNED: _("退回来了，照下面的原因改好再交。"),
        _S.TAKEN_BACK: _("撤回了，不算报名。还想参加就再交一次；不参加了，可以把资料删掉。"),
    }.get(state, "")


def _steps(application: Application) -> list[tuple[str, str, str, bool]]:
    """List the steps on the way to the list: when, what, a word more, and whether it is done."""
    state, unit, confirmed = application.state, application.unit, application.confirmed_at
    if state in CORRECTABLE:
        return []
    steps = [(moment(application.submitted_at), _("交了"), "", True)]
    if confirmed is not None or (unit is not None and has_contact(unit)):
        at = moment(confirmed) if confirmed else ""
        steps.append((at, _("单位确认"), "", confirmed is not None))
    if state is _S.ACCEPTED:
        return [*steps, (moment(application.decided_at), _("组委会收下"), "", True)]
    return [*steps, ("", _("组委会收下"), _("收下才算报上，这一页会有参赛号"), False)]


def _form(
    competition: Competition,
    typed: Mapping[str, str],
    before: Mapping[str, str],
    problems: Problems,
    problem: str | None,
    *,
    link: str = "",
    version: int | None = None,
    picture: str | None = None,
) -> EntryForm:
    photo = problems.get("photo")
    return EntryForm(
        groups=_groups(competition, typed, before, problems, new=version is None),
        link=link,
        version=version,
        first_paper=str(paper_name(Paper.CITIZEN_ID)),
        other_unit=OTHER_UNIT,
        picture=picture,
        photo_error=say(photo),
        problem=problem,
    )


def _groups(
    competition: Competition,
    typed: Mapping[str, str],
    before: Mapping[str, str],
    problems: Problems,
    *,
    new: bool,
) -> list[FieldGroup]:
    """Group the fields; of a crew's new entry those of each further person, shut, at the end."""
    offer = own_offer(competition)

    def fields_of(keys: Iterable[str], place: int = 1) -> list[PersonField]:
        names = {key: key if place == 1 else field_of(key, place) for key in keys}
        stood = before if place == 1 else {}
        return [
            _field(competition, offer, key, name, typed.get(name, ""), stood, problems.get(name))
            for key, name in names.items()
        ]

    def is_asked(key: str) -> bool:
        if key == "other_unit":
            return self_entry_of(competition).other_units
        return key not in offer.left_out and (key != "event" or len(competition.events) > 1)

    titles = (_("报什么"), _("你是谁"), _("等级和岗位"), _("还有几项"), _("公布姓名"))
    hints = (
        None,
        None,
        _("没有的空着"),
        _("没有的不用填"),
        _("公布成绩时写全名，还是隐去一部分，如 林*涛。以后可以收回。"),
    )
    groups = []
    for keys, title, hint in zip(_GROUPS, titles, hints, strict=True):
        if fields := fields_of(filter(is_asked, keys)):
            folded = keys is _FOLDED and not any(f.value or f.error for f in fields)
            groups.append(FieldGroup(title=title, hint=hint, fields=fields, folded=folded))
    if not self_entry_of(competition).crews:
        return groups
    title = _("几个人一组报")
    hint = _("一个人参赛的不用填。同组的人在下面一起填，或者各自用手机报，写一样的组合名。")
    fields = fields_of(("crew", "role"))
    folded = not any(f.value or f.error for f in fields)
    groups.insert(1, FieldGroup(title=title, hint=hint, fields=fields, folded=folded))
    for place in OTHERS if new else ():
        title = _("同组第 %(n)s 人", n=place)
        hint = _("交了以后他也有自己的链接，在你的那一页上；公不公布全名由他自己说。")
        fields = fields_of(filter(is_asked, OF_OTHERS), place)
        folded = not any(f.error or (f.value and not f.choices) for f in fields)
        groups.append(FieldGroup(title=title, hint=hint, fields=fields, folded=folded))
    return groups


def _field(
    competition: Competition,
    offer: RegistrationOffer,
    key: str,
    name: str,
    value: str,
    before: Mapping[str, str],
    problem: Message | None,
) -> PersonField:
    label = _("单位全称") if key == "other_unit" else say(PEOPLE_BY_KEY[key].title)
    choices = choices_of(key, offer)
    if key == "unit":
        choices = _units(competition, offer)
    elif key == "consent":
        choices = [Choice(value="", label=_("选一个")), *choices[1:]]
    return PersonField(
        name=name,
        label=label,
        value=value,
        choices=choices,
        hint=_hint(key, before),
        error=say(problem),
        required=key in _REQUIRED,
    )


def _units(competition: Competition, offer: RegistrationOffer) -> list[Choice]:
    choices = [Choice(value="", label=_("选一个"))]
    choices += [Choice(value=unit.code, label=unit.name) for unit in offer.units]
    if self_entry_of(competition).other_units:
        choices.append(Choice(value=OTHER_UNIT, label=_("名单里没有我的单位")))
    return choices


def _hint(key: str, before: Mapping[str, str]) -> str | None:
    there = before.get(key, "")
    if key == "id_number" and there:
        return _("现在是 %(now)s，不改就空着", now=mask_id(there))
    if key == "phone" and there:
        return _("现在是 %(now)s，不改就空着", now=mask_phone(there))
    if key == "phone":
        return _("退回、候补有消息，单位和组委会打这个号")
    if key == "other_unit":
        return _("和营业执照、公章上一样")
    if key == "consent":
        return None
    if key in ("mentor", "coach"):
        return _("几个人用顿号隔开")
    if key in ("gender", "birth"):
        return _("证件号码看不出来，要填")
    return hint_of(key)
