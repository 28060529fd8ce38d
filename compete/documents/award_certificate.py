"""Award certificates (获奖证书): what they say about a person or a team, and their printing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Literal

from compete.documents.dates import chinese_date
from compete.documents.fonts import FontBook
from compete.documents.portraits import picture_svg
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, not_drawn, picture, typeset
from compete.domain.values.messages import Message, msg

COMPETITION, EVENT, SCORE, PLACE = "竞赛", "赛项", "成绩", "名次"
FIELDS = (COMPETITION, EVENT, SCORE, PLACE)
_MAY_LACK = (SCORE, PLACE)
_FIELD = re.compile(r"\{(竞赛|赛项|成绩|名次)\}")
_HALF_WIDTH = str.maketrans("｛｝,", "{},")


def tidy_sentence(text: str) -> str:
    """Tidy a sentence: one line, braces and commas of one sort, no sign at its end."""
    return " ".join(text.translate(_HALF_WIDTH).split()).replace(",", "，").strip("，")


def sentence_fault(sentence: str) -> Message | None:
    """Say what is wrong with a tidied sentence, or None."""
    if any(sign in _FIELD.sub("", sentence) for sign in "{}"):
        return msg("大括号里只能写 {竞赛}、{赛项}、{成绩}、{名次}")
    if sentence.count(_hole(COMPETITION)) != 1:
        return msg("句子里要有 {竞赛}，只写一次")
    *parts, last = sentence.split("，")
    if any(_hole(COMPETITION) in part and _lacks_perhaps(part) for part in parts):
        return msg("{成绩}、{名次} 不能和 {竞赛} 在一个半句里，中间用逗号隔开")
    if _lacks_perhaps(last):
        return msg("最后半句总要印，{成绩}、{名次} 写在前面的半句里")
    return None


def fill_sentence(sentence: str, values: Mapping[str, str]) -> tuple[str, str]:
    """The text before the competition's name and after it; clauses without a value are left out.

    `在{竞赛}{赛项}中，{成绩}，列{名次}，荣获`: a part between commas whose score or place a
    certificate does not have is left out, so that one sentence serves all who are given something.
    """
    whole = "，".join(
        part
        for part in sentence.split("，")
        if all(values.get(name) for name in _MAY_LACK if _hole(name) in part)
    )
    before, _competition, after = whole.partition(_hole(COMPETITION))

    def filled(text: str) -> str:
        return _FIELD.sub(lambda field: values.get(field[1], ""), text)

    return filled(before), filled(after)


def _hole(name: str) -> str:
    return "{" + name + "}"


def _lacks_perhaps(part: str) -> bool:
    return any(_hole(name) in part for name in _MAY_LACK)


Frame = Literal["ruler", "red", "bare"]
EmblemPlace = Literal["top", "left", "right"]
Called = Literal["comrade", "contestant", "name"]


@dataclass(frozen=True, slots=True)
class AwardCertificate:
    """One certificate.

    `recipient` is a person's or a unit's name; `team` says which. `unit` is a
    person's unit, empty if there is none; `members` a team's people, or a crew's where it has
    one certificate as one; `crew` is what the crew of a person is called, whose place it is.
    `event` is named only where a competition has several. `score` is the total as
    published ("96.40") and `rank` the place; either is left out of the sentence
    when None. With `item` (单项) both are of that item alone, and the sentence says
    so. `award` is the prize ("个人一等奖") or, with `honour`, the title
    ("全省技术能手"); `approved` which other body gives it, by which document.
    With `distinction` it is an award that was given by hand, and whom to: the
    paper is then a 荣誉证书. `void` is
    set across the page: 已撤销 or 已换发 for one that is not valid, 复核中 or 待换发 where a
    later version of the results speaks against it.

    An organiser may say it otherwise: `title`, `sentence` (`award_words`), `closing`, where empty
    the usual words; how people are `called`; `beside` the issuer who else signs, each with a
    place for its seal, or no place with `seal` False; in which `frame` it stands, `bare` on
    bought paper that has title and frame; an `emblem`, a whole JPEG, where it stands, and a
    `second` opposite or beside it; how far all of it is moved to the right and down (`shift`,
    in tenths of a millimetre).
    """

    recipient: str
    competition: str
    award: str
    number: str
    issuer: str
    issued_on: date
    verify_url: str
    unit: str = ""
    members: tuple[str, ...] = ()
    crew: str = ""
    event: str = ""
    item: str = ""
    score: str | None = None
    rank: int | None = None
    team: bool = False
    honour: bool = False
    approved: str = ""
    void: str = ""
    distinction: Literal["", "unit", "official", "coach", "entrant", "team", "worker"] = ""
    title: str = ""
    sentence: str = ""
    closing: str = ""
    called: Called = "comrade"
    beside: tuple[str, ...] = ()
    frame: Frame = "ruler"
    seal: bool = True
    emblem: bytes | None = field(default=None, repr=False)
    emblem_at: EmblemPlace = "top"
    second: bytes | None = field(default=None, repr=False)
    shift: tuple[int, int] = (0, 0)

    @property
    def emblems(self) -> list[bytes]:
        """`emblem` and `second`, those that there are."""
        return [emblem for emblem in (self.emblem, self.second) if emblem is not None]


@dataclass(frozen=True, slots=True)
class Wording:
    """The lines of a certificate: title, address, sentence in three parts, award, close."""

    title: str
    suffix: str
    before: str
    competition: str
    after: str
    award: str
    closing: str


def award_wording(certificate: AwardCertificate) -> Wording:
    """The text of the certificate, in the words that such certificates are given in."""
    event = f"{certificate.event}赛项" if certificate.event else ""
    score, place = _score(certificate), _place(certificate)
    if certificate.sentence:
        values = {EVENT: event, SCORE: score, PLACE: place}
        before, after = fill_sentence(certificate.sentence, values)
    else:
        before, after = "在", f"{event}中，{_merit(certificate, score, place)}{_verb(certificate)}"
    return Wording(
        title=certificate.title or ("荣誉证书" if certificate.distinction else "获奖证书"),
        suffix=_address(certificate),
        before=before,
        competition=certificate.competition,
        after=after,
        award=f"{certificate.item} {certificate.award}" if certificate.item else certificate.award,
        closing=certificate.closing or "特发此证。",
    )


def render_award_certificates(
    certificates: Sequence[AwardCertificate],
    *,
    note: str = "",
    fonts: FontBook | None = None,
    author: str = "",
) -> PrintedFile:
    """Print a PDF with a lying A4 page for each, in the order given; always in Chinese.

    `note` is set small at the foot. Who has a character that no font draws is left
    out and named on the last page and in `left_out`. Raises `NothingPrinted` when
    none can be printed, ValueError for none at all.
    """
    if not certificates:
        raise ValueError("no certificates to print")
    about = About(author, max(certificate.issued_on for certificate in certificates))
    shared = _shared(certificates, note)
    return typeset(
        "award_certificate", shared, [_sheet(c) for c in certificates], fonts, about=about
    )


def picture_award_certificate(
    certificate: AwardCertificate, *, note: str = "", fonts: FontBook | None = None
) -> bytes:
    """Draw a PNG of its page, to be looked at. Raises `NothingPrinted` as printing it does."""
    shared = _shared([certificate], note)
    return picture("award_certificate", shared, _sheet(certificate), fonts)


def _shared(certificates: Sequence[AwardCertificate], note: str) -> dict[str, object]:
    emblems = dict.fromkeys(
        emblem for certificate in certificates for emblem in certificate.emblems
    )
    return {
        "title": award_wording(certificates[0]).title,
        "note": note,
        # Each once, however many bear it.
        "emblems": {_emblem_key(emblem): picture_svg(emblem) for emblem in emblems},
        "words": {
            "mark": "竞",
            "number": "证书编号",
            "scan": "扫码核对真伪",
            "seal": "盖章处",
            "emblem": "徽标",
        },
    }


def _emblem_key(emblem: bytes) -> str:
    return hashlib.sha256(emblem).hexdigest()


def _verb(certificate: AwardCertificate) -> str:
    """The verb of the sentence: 获一等奖, 被授予全省技术能手, 被评为优秀裁判员."""
    if certificate.distinction:
        return "荣获" if certificate.award.endswith("奖") else "被评为"
    return "被授予" if certificate.honour else "获"


def _address(certificate: AwardCertificate) -> str:
    if certificate.distinction == "unit":
        return "："
    called, more = _called(certificate), certificate.unit
    if certificate.distinction == "team":
        return f"（{more}）：" if more else "："
    if certificate.team:
        # A team that is called 代表队 already is not called so twice.
        called = "" if certificate.recipient.endswith("队") else "代表队"
        more = "、".join(certificate.members)
    elif certificate.members:
        called, more = "组合", "、".join(certificate.members)
        if certificate.unit:
            more = f"{certificate.unit}，{more}"
    elif certificate.crew:
        more = "，".join(part for part in (certificate.unit, certificate.crew) if part)
    return f"{called}（{more}）：" if more else f"{called}："


_PRAISE = {
    "unit": "组织有力、成效显著，",
    "official": "公正执裁、履职尽责，",
    "coach": "带队认真、指导有方，",
    "entrant": "表现突出，",
    "team": "团结协作、业绩突出，",
    "worker": "爱岗敬业、业绩突出，",
}
"""Words for people who have the award for no place."""


def _called(certificate: AwardCertificate) -> str:
    """The form of address: 同志; only somebody who takes part is 选手."""
    if certificate.called == "contestant" and certificate.distinction in ("", "entrant"):
        return "选手"
    return "" if certificate.called == "name" else "同志"


def _merit(certificate: AwardCertificate, score: str, place: str) -> str:
    merits = [f"{score}，"] if score else []
    merits += [f"列{place}，"] if place else []
    return "".join(merits) or _PRAISE.get(certificate.distinction, "成绩优异，")


def _score(certificate: AwardCertificate) -> str:
    """The words of the score: 总成绩 96.40 分, empty where it is not said."""
    if certificate.score is None:
        return ""
    total = "团体总分" if certificate.team else "总成绩"
    if certificate.item:
        total = f"{certificate.item} 成绩"
    return f"{total} {certificate.score}\u00a0分"


def _place(certificate: AwardCertificate) -> str:
    """The words of the place: 个人第 2 名, empty where it is not said."""
    if certificate.rank is None:
        return ""
    placed = "团体" if certificate.team else "个人"
    if certificate.crew or (certificate.members and not certificate.team):
        placed = ""
    if certificate.item:
        placed = "该单项"
    return f"{placed}第\u00a0{certificate.rank}\u00a0名"


def award_not_drawn(certificate: AwardCertificate, fonts: FontBook | None = None) -> list[str]:
    """List its characters that no font draws; while there are any, nobody's file has it."""
    return not_drawn(_sheet(certificate), fonts)


def _sheet(certificate: AwardCertificate) -> Sheet:
    return Sheet(
        who=certificate.recipient,
        data={
            "recipient": certificate.recipient,
            **asdict(award_wording(certificate)),
            "approved": certificate.approved,
            "number": certificate.number,
            "signers": [certificate.issuer, *certificate.beside],
            "frame": certificate.frame,
            "seal": certificate.seal,
            "emblems": [_emblem_key(emblem) for emblem in certificate.emblems],
            "emblem-at": certificate.emblem_at,
            "shift": list(certificate.shift),
            "issued": chinese_date(certificate.issued_on),
            "qr": qr_ink(certificate.verify_url),
            "void": certificate.void,
        },
    )
