"""Version notes: public words on a new version; nobody is named in them."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.identity.masks import mask_name, shown_name
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.models import Competition, Entrant, Member, Publication, db
from compete.services.kernel.refusal import invalid


def check_nobody_named(competition: Competition, note: str) -> None:
    """Raise `Refused` (INVALID) for a whole name that public pages mask, or a judge's.

    A crew's name is nobody's; of its members each is looked for.
    """
    squeezed = "".join(note.split())
    for code, name in _people_named(competition):
        if competition.kind == Kind.EVALUATION and (
            _without(note, code) != note or (len(name) > 1 and name in squeezed)
        ):
            raise invalid(
                msg(
                    "谁都看得到，没合格的人不公布：不要写“%(who)s”，写“更正了 1 人的成绩”这样的话",
                    who=name if name in squeezed else code,
                )
            )
        if len(name) > 1 and name in squeezed and shown_name(name, code) != name:
            raise invalid(
                msg(
                    "谁都看得到，公布页上遮住姓名：不要写“%(name)s”，写参赛号 %(code)s",
                    name=name,
                    code=code,
                )
            )
    for name in _judges_named(competition):
        if name in squeezed:
            raise invalid(msg("谁都看得到：不要写裁判的姓名“%(name)s”，写“裁判”", name=name))


def masked_words(text: str, competition: Competition) -> str:
    """A text for everybody: names as public pages show them, and in an evaluation nobody at all.

    Who did not pass an evaluation stands on no public list, so a number would tell of it.
    """
    unnamed = competition.kind == Kind.EVALUATION
    for code, name in _people_named(competition):
        if len(name) > 1 and name in text:
            text = text.replace(name, _SOMEBODY if unnamed else shown_name(name, code))
        if unnamed:
            text = _without(text, code)
    for name in _judges_named(competition):
        text = text.replace(name, mask_name(name))
    return text


def public_note(publication: Publication) -> str:
    """The public note on a version; empty for the first."""
    if publication.version == 1 or not publication.note:
        return ""
    return masked_words(publication.note, publication.competition)


_SOMEBODY = "某考生"


def _without(text: str, code: str) -> str:
    """The text with somebody in the stead of a code; a part of a longer number stays."""
    pieces, at = [], 0
    while (start := text.find(code, at)) >= 0:
        end = start + len(code)
        beside = text[start - 1 : start] + text[end : end + 1]
        longer = any(sign.isascii() and sign.isalnum() for sign in beside)
        pieces.append(text[at:start] + (code if longer else _SOMEBODY))
        at = end
    return "".join(pieces) + text[at:]


def _judges_named(competition: Competition) -> list[str]:
    """List names of all who judge, the longest first: no page for everybody has one whole.

    裁判一, as a judge is called who has said no name yet, is nobody's.
    """
    names = {judge.name for judge in competition.judges if len(judge.name) > 1}
    return sorted((it for it in names if not it.startswith("裁判")), key=len, reverse=True)


def _people_named(competition: Competition) -> list[tuple[str, str]]:
    """List codes and names of all who take part, each of a crew, the longest names first."""
    alone = select(Entrant.code, Entrant.name).where(
        Entrant.competition_id == competition.id, ~Entrant.members.any()
    )
    crewed = select(Member.code, Member.name).where(Member.competition_id == competition.id)
    people = [row for query in (alone, crewed) for row in db.session.execute(query).tuples()]
    return sorted(people, key=lambda row: -len(row[1]))
