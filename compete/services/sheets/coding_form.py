"""The coder's record on paper: which code covers which number, to be signed and sealed."""

from __future__ import annotations

from compete.documents.forms import Form, FormLine, render_form
from compete.documents.lists import Stamp
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Translate, listed, msg
from compete.models import Account, Event, utc_now
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import fonts
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.blind_codes import coding_settings, drawn_codes
from compete.services.sheets.coding_layers import MOST_LAYERS, covered_codes, layers_for


def print_coding_form(event: Event, by: Account, translate: Translate | None = None) -> PrintedFile:
    """The codes of a blind event that who asks may know, beside what each covers, by layer.

    What the first layer covers is the entrant's number. The look is recorded. Raises
    `Refused` while nothing is drawn, and for who keeps no layer of it.
    """
    lines = _lines(event, by)
    if not lines:
        kept = drawn_codes(event)
        raise Refused(msg("加密号归加密裁判保管") if kept else msg("还没有抽加密号"))
    competition = event.competition
    with unit_of_work():
        audit.record(competition, by, "codes.show", event.code, after={"codes": len(lines)})
    title = msg("%(name)s 加密记录", name=competition.name)
    known, layers = layers_for(event, by), max(1, len(coding_settings(event).keepers))
    which = listed([str(layer) for layer in known or ()])
    own = msg("第 %(layer)s 层，共 %(layers)s 层", layer=which, layers=layers)
    # Records of several layers lie on one table, under one name.
    layer_words = f" · {own.render(translate)}" if known and layers > 1 else ""
    return render_form(
        Form.CODING,
        lines,
        title=title.render(translate),
        subtitle=f"{event.name}{layer_words}",
        stamp=Stamp(local_time(utc_now())),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
    )


def _lines(event: Event, by: Account) -> list[FormLine]:
    known = layers_for(event, by)
    layers = list(range(1, MOST_LAYERS + 1)) if known is None else known
    return [
        FormLine(code=row.code, number=row.number)
        if row.layer == 1
        else FormLine(code=row.code, outer_code=row.number)
        for row in covered_codes(event, layers)
    ]
