"""Award words: the organiser's own words on award certificates, and a specimen of them.

Beside the usual there may be other words and looks for some certificates (`AwardStyle`).

A certificate keeps the words that it was issued with: other words are for those issued later.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from compete.documents.award_certificate import (
    AwardCertificate,
    picture_award_certificate,
    render_award_certificates,
    sentence_fault,
    tidy_sentence,
)
from compete.documents.typesetting import PrintedFile
from compete.domain.awards.others import is_of_others
from compete.domain.identity.award_number import award_number_text
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.upload_limits import LARGEST_EMBLEM, MIB
from compete.models import Account, Competition
from compete.services.awards.prize_money import paid_titles
from compete.services.certificates.award_faces import emblem_of, issuer_on, said_words, worded
from compete.services.certificates.rows import award_day
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    AwardStyle,
    AwardWords,
    DistinctionRule,
    change_settings,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.fields import faults_in
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused, WrongFieldsError
from compete.services.kernel.transactions import changing
from compete.services.sheets.photo_files import clean_picture, store_picture, stored_picture

SpecimenKind = Literal["place", "team", "honour", "given"]
_SENTENCES = ("sentence", "honour", "given")
_NOTE = "样张，不是证书"
_BY_DOCUMENT = "核准（文号）"
_D = DistinctionKind


def check_award_words(words: AwardWords) -> AwardWords:
    """The words, tidied. Raises `WrongFieldsError` for what no certificate can say."""
    tidied: dict[str, Any] = {"signed": tuple(" ".join(name.split()) for name in words.signed)}
    for key in ("title", "given_title", "closing"):
        tidied[key] = " ".join(getattr(words, key).split())
    tidied |= {key: tidy_sentence(getattr(words, key)) for key in _SENTENCES}
    tidied["signed"] = tuple(filter(None, tidied["signed"]))
    words = msgspec.structs.replace(words, **tidied)
    problems = {fault.field: fault.message for fault in faults_in(words)}
    for key, typed in tidied.items():
        fault = sentence_fault(typed) if typed and key in _SENTENCES else None
        if missing := fonts().missing([typed] if isinstance(typed, str) else list(typed)):
            fault = msg("字体里没有：%(signs)s", signs=listed(sorted(missing)))
        if fault is not None:
            problems.setdefault(key, fault)
    for key in ("emblem", "second"):
        picture = getattr(words, key)
        if picture and stored_picture(picture) is None:
            problems[key] = msg("图片不见了，请再选一次")
    if len(set(words.signed)) < len(words.signed):
        problems.setdefault("signed", msg("同一个单位写了两遍"))
    if problems:
        raise WrongFieldsError(problems)
    if not words.emblem or words.second == words.emblem:
        # Of two one is left, or they are the same.
        return msgspec.structs.replace(words, emblem=words.emblem or words.second, second="")
    return words


def keep_emblem(sent: bytes, key: Literal["emblem", "second"] = "emblem") -> str:
    """Keep a picture to be put on certificates; its hash, for that one of `AwardWords`.

    Kept as every picture is, so that nothing of a file goes on but what it shows. Raises
    `WrongFieldsError` for what is no whole JPEG, PNG or WebP, or more than `LARGEST_EMBLEM`.
    """
    try:
        picture = clean_picture(sent, LARGEST_EMBLEM)
    except Refused as refused:
        large = refused.kind is Refusal.TOO_LARGE
        most = LARGEST_EMBLEM // MIB
        why = (
            msg("图片太大了，最多 %(most)s MB", most=most)
            if large
            else msg("这不是 JPG、PNG 图片，或者没传完整")
        )
        raise FieldRefused(key, why) from refused
    store_picture(picture)
    return picture.sha256


def set_award_words(competition: Competition, words: AwardWords, by: Account) -> bool:
    """Set the words of certificates issued from now on; True if anything changed.

    Raises `WrongFieldsError` for what no certificate can say.
    """
    words = check_award_words(words)
    with changing(competition) as competition:
        before = settings_of(competition).award_words
        if words == before:
            return False
        change_settings(competition, award_words=words)
        audit.record(
            competition,
            by,
            "certificate.words",
            competition.code,
            before=said_words(before),
            after=said_words(words),
        )
    return True


def picture_specimen(
    competition: Competition,
    words: AwardWords,
    kind: SpecimenKind,
    *,
    event: str = "",
    award: str = "",
) -> bytes:
    """A PNG of a made-up certificate in these words. Raises as `check_award_words` does.

    It is of the `event` with that code and of that `award`, empty: of any that fits.
    """
    paper = _specimen(competition, check_award_words(words), kind, event, award)
    return picture_award_certificate(paper, note=_NOTE, fonts=fonts())


def print_specimen(
    competition: Competition,
    words: AwardWords,
    kind: SpecimenKind,
    *,
    event: str = "",
    award: str = "",
) -> PrintedFile:
    """The same as PDF, with 样张 across the page, so that nobody has it for a certificate."""
    paper = _specimen(competition, check_award_words(words), kind, event, award, void="样张")
    return render_award_certificates([paper], note=_NOTE, fonts=fonts(), author=competition.issuer)


def _specimen(
    competition: Competition,
    words: AwardWords,
    kind: SpecimenKind,
    code: str,
    award: str,
    *,
    void: str = "",
) -> AwardCertificate:
    first = competition.events[0] if competition.events else None
    event = next((event for event in competition.events if event.code == code), first)
    awards = [award.name for award in rules_of(event).awards] if event is not None else []
    unit = competition.units[0].name if competition.units else "某某单位"
    rules = distinction_rules_of(competition) or (DistinctionRule("优秀奖", _D.ENTRANT),)
    rule = next((rule for rule in rules if rule.title == award), rules[0])
    of, day = rule.kind if kind == "given" else None, award_day(competition)
    team, by_place = kind == "team", kind != "given"
    named = {_D.UNIT: unit, _D.TEAM: "先锋班组"}.get(of or _D.ENTRANT, unit if team else "张三")
    title = (
        award
        or {
            "place": awards[0] if awards else "一等奖",
            "team": "团体一等奖",
            "honour": "技术能手",
            "given": rule.title,
        }[kind]
    )
    return AwardCertificate(
        **worded(words, given=not by_place, honour=kind == "honour"),
        recipient=named,
        unit="" if named == unit else unit,
        members=("张三", "李四") if team else (),
        competition=competition.name,
        event=event.name if event is not None and len(competition.events) > 1 else "",
        award=title,
        score="96.40" if by_place else None,
        rank=1 if by_place else None,
        team=team,
        honour=kind == "honour",
        approved="" if kind in ("place", "team") else _approval(competition, title),
        distinction=of.value if of is not None else "",
        issued_on=day,
        issuer=issuer_on(competition, words),
        number=award_number_text(day.year, 1),
        verify_url=address_of(Page.VERIFY, token="specimen"),
        void=void,
        emblem=emblem_of(words.emblem),
        second=emblem_of(words.second),
    )


def _approval(competition: Competition, title: str) -> str:
    """The line of who approves a title; empty where it is the organiser's own to give.

    A body that nobody has named yet stands as such: what by its name is another's waits for it.
    """
    need = settings_of(competition).honours.get(title)
    if need is not None and (need.own or need.body):
        return "" if need.own else f"{need.body}{_BY_DOCUMENT}"
    return f"某某机关{_BY_DOCUMENT}" if is_of_others(title) else ""


MOST_STYLES = 20


def award_style(competition: Competition, number: int) -> AwardStyle:
    """The one of that number. Raises `Refused` (UNKNOWN) where there is none."""
    style = next(
        (row for row in settings_of(competition).award_styles if row.number == number), None
    )
    if style is None:
        raise Refused(msg("没有这种样式，可能刚删掉了"), kind=Refusal.UNKNOWN)
    return style


def styled_awards(competition: Competition, style: AwardStyle | None = None) -> list[str]:
    """List the awards that a style can be for, by name: all that can be given, and its own now."""
    names = paid_titles(competition)
    return list(dict.fromkeys((*names, style.award))) if style and style.award else names


def _check_award_style(competition: Competition, style: AwardStyle) -> AwardStyle:
    """The style, its words tidied. Raises `WrongFieldsError`: under `for` what it cannot be for."""
    problems: dict[str, Message] = {}
    try:
        style = msgspec.structs.replace(style, words=check_award_words(style.words))
    except WrongFieldsError as refused:
        problems |= refused.faults
    styles = {kept.number: kept for kept in settings_of(competition).award_styles}
    if wrong := _wrong_aim(competition, style, styles):
        problems["for"] = wrong
    if problems:
        raise WrongFieldsError(problems)
    return style


def set_award_style(competition: Competition, style: AwardStyle, by: Account) -> int:
    """Keep it for what is issued from now on; its number, which is a new one for number 0.

    Raises `WrongFieldsError` as `_check_award_style`, `Refused` (UNKNOWN) for one that is gone.
    """
    with changing(competition) as competition:
        before = award_style(competition, style.number) if style.number else None
        style = _check_award_style(competition, style)
        styles = settings_of(competition).award_styles
        if before is None:
            taken = settings_of(competition).award_styles_made
            style = msgspec.structs.replace(style, number=taken + 1)
            change_settings(
                competition, award_styles=(*styles, style), award_styles_made=style.number
            )
        elif before == style:
            return style.number
        else:
            changed = tuple(style if row == before else row for row in styles)
            change_settings(competition, award_styles=changed)
        _record(competition, by, before, style)
    return style.number


def drop_award_style(competition: Competition, number: int, by: Account) -> None:
    """Drop the style; its awards are issued as usual again. Raises `Refused` (UNKNOWN) if gone."""
    with changing(competition) as competition:
        before = award_style(competition, number)
        rest = tuple(style for style in settings_of(competition).award_styles if style != before)
        change_settings(competition, award_styles=rest)
        _record(competition, by, before, None)


def _wrong_aim(
    competition: Competition, style: AwardStyle, styles: dict[int, AwardStyle]
) -> Message | None:
    if not (style.event or style.sort or style.award):
        return msg("选一样：赛项、种类或者奖项")
    now = styles.get(style.number)
    events = {event.code for event in competition.events} | {now.event if now else ""}
    if style.event and style.event not in events:
        return msg("没有这个赛项，再选一次")
    if style.award and style.award not in styled_awards(competition, now):
        return msg("没有这个奖项，再选一次")
    others = [other for other in styles.values() if other.number != style.number]
    aims = [(other.event, other.sort, other.award) for other in others]
    if (style.event, style.sort, style.award) in aims:
        return msg("这些证书已经另有一种样式，改那一种就行")
    if now is None and len(styles) >= MOST_STYLES:
        return msg("样式最多 %(n)s 种", n=MOST_STYLES)
    return None


def _record(
    competition: Competition, by: Account, before: AwardStyle | None, after: AwardStyle | None
) -> None:
    style = after or before
    assert style is not None
    audit.record(
        competition,
        by,
        "certificate.style",
        str(style.number),
        before=_style_words(before) | ({"of": _aim(competition, before)} if before else {}),
        after=_style_words(after) | {"of": _aim(competition, style)},
    )


def _style_words(style: AwardStyle | None) -> dict[str, Any]:
    return {"words": said_words(style.words)} if style is not None else {}


def _aim(competition: Competition, style: AwardStyle) -> dict[str, str]:
    """The aim of a style, the event by the name that it has now."""
    called = {event.code: event.name for event in competition.events}
    event = called.get(style.event, style.event)
    aim = {"event": event, "sort": style.sort, "award": style.award}
    return {key: value for key, value in aim.items() if value}
