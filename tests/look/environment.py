"""The templates without the application: for looking at the pages, not for serving them."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.aspects.clock_times import told_time
from compete.resources import resource_dir
from compete.web.assets import stylesheets
from compete.web.templating import sentence, with_phones
from tests.support.worked_out import Compiled

# Templates as code, for all environments alike.
CODE = Compiled()
CSS = resource_dir("static") / "css"


class KnownFields(Undefined):
    """Nothing, as in the application; but what a view model has no field for is an error."""

    def __init__(self, hint: str | None = None, obj: Any = None, *more: Any, **named: Any) -> None:
        super().__init__(hint, obj, *more, **named)
        if is_dataclass(obj):
            self._fail_with_undefined_error()


@lru_cache
def _stylesheet(face: str) -> bytes:
    return stylesheets.build(face, CSS).body


def environment(out: Path, *, theme: str = "light", strict: bool = False) -> Environment:
    """An environment whose pages, kept in `out`, find their stylesheets beside them.

    `strict` makes a variable that the sample data lacks an error where it is used.
    """
    jinja = Environment(
        loader=FileSystemLoader([resource_dir("templates"), Path(__file__).parent]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined if strict else KnownFields,
        bytecode_cache=CODE,
    )
    # What goes out as JSON may be a view model: Flask writes those too.
    jinja.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": asdict}
    jinja.install_null_translations(newstyle=True)  # type: ignore[attr-defined]

    def stylesheet_url(face: str) -> str:
        (out / f"{face}.css").write_bytes(_stylesheet(face))
        return f"{face}.css"

    jinja.filters.update(
        qr=lambda text: Markup(qr_svg(text)),
        sentence=sentence,
        with_phones=with_phones,
        told_seconds=lambda seconds: told_time(Decimal(seconds)).render(),
    )
    jinja.globals.update(
        stylesheet_url=stylesheet_url,
        scripts_version=lambda: "look",
        script_url=lambda name: f"/static/js/{name}",
        url_for=lambda endpoint, **values: (
            f"/static/{values['filename']}" if endpoint == "static" else f"/{endpoint}/SHEET"
        ),
        csrf_token=lambda: "token",
        page_key=lambda: "once",
        begun_here=lambda: True,
        heads_here=lambda n: f"{n} 人",
        told_to_all=lambda: "理由谁都看得到：写参赛号，不写姓名。",
        ranked_here=lambda: True,
        codes_lead_here_alone=lambda: False,
        clock_zone=lambda: "Asia/Shanghai",
        last_changes=lambda actions, subject=None: [],
        shown_settings=lambda action, *names: f"{action} {names[0]}:0",
        get_flashed_messages=lambda **_options: [],
        request=SimpleNamespace(cookies={"theme": theme}),
        lang="zh-CN",
    )
    return jinja
