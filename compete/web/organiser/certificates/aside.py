"""What a file of all certificates lacks, or has without the photo, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.documents.errors import with_code_points
from compete.domain.values.messages import listed, msg
from compete.models import Competition
from compete.services.certificates.register import SET_ASIDE
from compete.services.certificates.set_aside import SetAside
from compete.web.language import in_a_row, say
from compete.web.organiser.certificates.finding import register_url
from compete.web.organiser.certificates.shapes import AsideNote

_NAMED = 3


def aside_note(
    competition: Competition, aside: SetAside, wanted: dict[str, str]
) -> AsideNote | None:
    """Who, why, and where they stand; None where all are printed whole."""
    lacking = list(aside.not_drawn.values())
    count = len(lacking) + aside.no_photo
    if not count:
        return None
    said = []
    if lacking:
        each = listed(
            msg("%(name)s（%(signs)s）", name=name, signs="".join(signs))
            for name, signs in lacking[:_NAMED]
        )
        said.append(
            _("字打不出的先放着，不印：%(who)s，共 %(n)s 张。", who=say(each), n=len(lacking))
        )
    if aside.no_photo:
        said.append(
            _(
                "没有照片的留空框：%(who)s，共 %(n)s 张。",
                who=say(listed(aside.without)),
                n=aside.no_photo,
            )
        )
    every = dict.fromkeys(wanted, "") | {"state": SET_ASIDE}
    return AsideNote(
        said=in_a_row(said),
        count=count,
        url=register_url(competition, every),
        shown=wanted["state"] == SET_ASIDE,
        back_url=register_url(competition, every | {"state": "all"}),
    )


def what_it_lacks(aside: SetAside, row: int, *, no_photo: bool) -> list[str]:
    """Of one row."""
    said = []
    if row in aside.not_drawn:
        each = with_code_points(aside.not_drawn[row][1])
        said.append(_("字体里没有%(signs)s，不印", signs=say(each)))
    if no_photo:
        said.append(_("没有照片，留空框"))
    return said
