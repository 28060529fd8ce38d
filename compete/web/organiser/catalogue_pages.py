"""Pages of a catalogue that is kept, and of its workbook: told once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.services.kernel.catalogues import Catalogue, Planned
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.sheets.headed_rows import RowsKind, write_headed_rows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import (
    RowsPreview,
    SentRows,
    looked_at,
    write_looked_at,
)
from compete.web.pages import fields_of, or_404
from compete.web.refusals import refusal_on


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePages:
    """The list of a catalogue, its rows, and what its keepers do with them."""

    catalogue: Catalogue[Any, Any, Any]
    at: str
    """The address of its list on the desk."""
    name: str
    """The name of a row in the names of the views; those of the list have an s more."""
    apart: bool = True
    """True if the form of one more has a page of its own."""
    sent: Callable[[], Any]
    """Reads the sent form."""
    show: Callable[[Refused | None], str]
    """Shows the list; with the faults of one more, if its form stands there."""
    show_row: Callable[[Any | None, Any | None, Refused | None], str]
    """Shows a row, or a new one, with the values sent and their faults."""
    closed: Callable[[str], str]
    """Returns the message once one of that name is closed."""
    reopened: Callable[[str], str] = lambda name: _("%(name)s 恢复了", name=name)
    right: Right = Right.ADMINISTER
    """The right to change it."""
    stays: bool = False
    """True if the row is shown once it is made or closed, and not the list."""

    def hang(self) -> None:
        """Hang the views on the desk."""
        looks, keeps = guard.may(Right.DIRECTORY), guard.may(self.right)
        name, row, new = self.name, f"{self.at}/<int:number>", f"{self.at}/new"
        face.get(self.at, endpoint=f"{name}s")(looks(self._list))
        if self.apart:
            face.get(new, endpoint=f"new_{name}")(keeps(self._new))
        add = face.post(new if self.apart else self.at, endpoint=f"add_{name}")
        add(keeps(only_once(self._add)))
        face.get(row, endpoint=name)(looks(self._single))
        face.post(row, endpoint=f"change_{name}")(keeps(self._change))
        face.post(f"{row}/close", endpoint=f"close_{name}")(keeps(self._close))
        face.post(f"{row}/reopen", endpoint=f"reopen_{name}")(keeps(self._reopen))

    def row_or_404(self, number: int) -> Any:
        """The row of that number; 404 for none."""
        return or_404(find(self.catalogue.table, number))

    def _list(self) -> ResponseReturnValue:
        return self.show(None)

    def _new(self) -> ResponseReturnValue:
        return self.show_row(None, None, None)

    def _refused_new(self, refused: Refused) -> str:
        return self.show_row(None, self.sent(), refused) if self.apart else self.show(refused)

    @refusal_on(_refused_new)
    def _add(self) -> ResponseReturnValue:
        made = self.catalogue.add(self.sent(), current_user)
        flash(_("加了 %(name)s", name=made.name), "ok")
        return redirect(self._after(made))

    def _single(self, number: int) -> ResponseReturnValue:
        return self.show_row(self.row_or_404(number), None, None)

    def _refused_row(self, number: int, refused: Refused) -> str:
        return self.show_row(self.row_or_404(number), self.sent(), refused)

    @refusal_on(_refused_row)
    def _change(self, number: int) -> ResponseReturnValue:
        changed = self.catalogue.change(self.row_or_404(number), self.sent(), current_user)
        flash(_("存下了") if changed else _("和原来一样"), "ok")
        return redirect(url_for(f"organiser.{self.name}", number=number))

    def _close(self, number: int) -> ResponseReturnValue:
        row = self.row_or_404(number)
        self.catalogue.close(row, current_user)
        flash(self.closed(row.name), "ok")
        return redirect(self._after(row))

    @refusal_on(lambda self, number, refused: self.show_row(self.row_or_404(number), None, refused))
    def _reopen(self, number: int) -> ResponseReturnValue:
        row = self.row_or_404(number)
        self.catalogue.reopen(row, current_user)
        flash(self.reopened(row.name), "ok")
        return redirect(url_for(f"organiser.{self.name}", number=number))

    def _after(self, row: Any) -> str:
        name = f"organiser.{self.name}"
        return url_for(name, number=row.id) if self.stays else url_for(f"{name}s")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookPages:
    """A list of the installation as a workbook: handed out, brought, looked at, written."""

    kind: RowsKind
    """The kind of rows; its name is that of the list's view and address, too."""
    right: Right
    """The right to bring one."""
    title: Message
    template: str
    rows: Callable[[], Iterable[Mapping[str, str]]]
    """All of the list."""
    plan: Callable[[SentRows], Sequence[Planned[Any, Any, Any]]] | None
    """None where all rows are written or none."""
    preview: Callable[[SentRows, str | None], RowsPreview]
    write: Callable[[Sequence[Mapping[str, str]]], tuple[int, int]]
    written: Callable[[int, int], None]
    """Says how many were added and corrected."""

    def hang(self) -> None:
        """Hang the views on the desk."""
        name, brings = self.kind.name, guard.may(self.right)
        out = face.get(f"/{name}/workbook.xlsx", endpoint=f"{name}_workbook")
        out(guard.may(Right.DIRECTORY)(self._workbook))
        look = face.route(f"/{name}/upload", endpoint=f"upload_{name}", methods=["GET", "POST"])
        look(brings(only_once(self._upload)))
        face.post(f"/{name}/write", endpoint=f"write_{name}")(brings(only_once(self._write)))

    def _workbook(self) -> Response:
        content = write_headed_rows(self.title, self.kind.headings, list(self.rows()))
        return send_workbook(content, f"{self.title}.xlsx")

    def _upload(self) -> ResponseReturnValue:
        return looked_at(self.kind, self._preview)

    def _write(self) -> ResponseReturnValue:
        return write_looked_at(self.kind, self._preview, self.plan, self._write_catalogue)

    def _write_catalogue(self, rows: Sequence[Any]) -> ResponseReturnValue:
        fine = rows if self.plan else [texts for _number, texts in rows]
        self.written(*self.write(fine))
        return redirect(url_for(f"organiser.{self.kind.name}"))

    def _preview(self, sent: SentRows, problem: str | None) -> str:
        page = fields_of(self.preview(sent, problem))
        return render_template(self.template, most_rows=self.kind.most, **page)
