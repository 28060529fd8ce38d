"""Other words and looks for some award certificates, beside the usual: added, changed, let go.

A certificate keeps what it was issued with, here as with the usual words (`award_words`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition
from compete.services.certificates.award_faces import said_words
from compete.services.certificates.award_words import WrongWordsError, check_award_words
from compete.services.certificates.prize_money import paid_titles
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import AwardStyle, change_settings, settings_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import changing

MOST_STYLES = 20


def award_styles_of(competition: Competition) -> tuple[AwardStyle, ...]:
    """The award styles beside the usual, as they were added."""
    return settings_of(competition).award_styles


def award_style(competition: Competition, number: int) -> AwardStyle:
    """The one of that number. Raises `Refused` (UNKNOWN) where there is none."""
    found = next((each for each in award_styles_of(competition) if each.number == number), None)
    if found is None:
        raise Refused(msg("没有这种样式，可能刚删掉了"), kind=Refusal.UNKNOWN)
    return found


def styled_awards(competition: Competition, style: AwardStyle | None = None) -> list[str]:
    """List the awards that a style can be for, by name: all that can be given, and its own now."""
    names = paid_titles(competition)
    return list(dict.fromkeys((*names, style.award))) if style and style.award else names


def _check_award_style(competition: Competition, style: AwardStyle) -> AwardStyle:
    """The style, its words tidied. Raises `WrongWordsError`: under `for` what it cannot be for."""
    problems: dict[str, Message] = {}
    try:
        style = msgspec.structs.replace(style, words=check_award_words(style.words))
    except WrongWordsError as refused:
        problems |= refused.problems
    styles = {each.number: each for each in award_styles_of(competition)}
    if wrong := _wrong_aim(competition, style, styles):
        problems["for"] = wrong
    if problems:
        raise WrongWordsError(problems)
    return style


def set_award_style(competition: Competition, style: AwardStyle, by: Account) -> int:
    """Keep it for what is issued from now on; its number, which is a new one for number 0.

    Raises `WrongWordsError` as `_check_award_style`, `Refused` (UNKNOWN) for one that is gone.
    """
    with changing(competition) as competition:
        before = award_style(competition, style.number) if style.number else None
        style = _check_award_style(competition, style)
        styles = award_styles_of(competition)
        if before is None:
            taken = settings_of(competition).award_styles_made
            style = msgspec.structs.replace(style, number=taken + 1)
            change_settings(
                competition, award_styles=(*styles, style), award_styles_made=style.number
            )
        elif before == style:
            return style.number
        else:
            changed = tuple(style if each == before else each for each in styles)
            change_settings(competition, award_styles=changed)
        _record(competition, by, before, style)
    return style.number


def drop_award_style(competition: Competition, number: int, by: Account) -> None:
    """Drop the style; its awards are issued as usual again. Raises `Refused` (UNKNOWN) if gone."""
    with changing(competition) as competition:
        before = award_style(competition, number)
        rest = tuple(each for each in award_styles_of(competition) if each != before)
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
    others = [each for each in styles.values() if each.number != style.number]
    aims = [(each.event, each.sort, each.award) for each in others]
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
        before=_said(before) | ({"of": _aim(competition, before)} if before else {}),
        after=_said(after) | {"of": _aim(competition, style)},
    )


def _said(style: AwardStyle | None) -> dict[str, Any]:
    return {"words": said_words(style.words)} if style is not None else {}


def _aim(competition: Competition, style: AwardStyle) -> dict[str, str]:
    """The aim of a style, the event by the name that it has now."""
    called = {event.code: event.name for event in competition.events}
    event = called.get(style.event, style.event)
    aim = {"event": event, "sort": style.sort, "award": style.award}
    return {key: said for key, said in aim.items() if said}
