"""Samples of photos of people: from a zip, on a person's page, on a unit's."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from compete.web.organiser.portraits.shapes import (
    LackingPerson,
    PhotoRow,
    ZipFilter,
    ZipPage,
    ZipPreview,
)
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.pages import fields_of
from compete.web.portraits import PhotoCard
from compete.web.unit.shapes import PhotoPage
from tests.look.people import COMPETITION, SITE, page
from tests.support.pictures import photo

Sample = dict[str, Any]
LONG = "阿布都热依木·买买提江·吐尔逊"
PICTURE = f"data:image/jpeg;base64,{b64encode(photo(size=(413, 578))).decode()}"
_COMPETITION = CompetitionLink(name=COMPETITION.name, url="#")


def photo_card(of: str, *, there: bool = True, problem: str | None = None) -> PhotoCard:
    """Somebody's photo, or the place for one."""
    return PhotoCard(
        name=LONG,
        of=of,
        picture=PICTURE if there else None,
        mark="none",
        put_url="#",
        remove_url="#" if there else None,
        problem=problem,
    )


def chosen() -> Sample:
    """A zip was refused; some have no photo."""
    shown = ZipPage(
        competition=_COMPETITION,
        have=43,
        lacking=[LackingPerson(code=f"B{n:02}", name=LONG, url="#") for n in range(1, 8)],
        lacking_count=12,
        problem="zip 设了密码，打不开。取消密码再传",
        limit="20 MB",
        limit_bytes=20_000_000,
        most_files=1000,
        most_mb=300,
        upload_url="#",
        waiting=Link(label="照片.zip", url="#"),
    )
    return {"site": SITE, **fields_of(shown)}


def preview() -> Sample:
    """One of each kind."""
    kinds = ("refused", "asked", "added", "changed", "same")
    shown = ZipPreview(
        competition=_COMPETITION,
        filename="照片" * 30 + ".zip",
        files=46,
        filters=[
            ZipFilter(key=key, word="没对上", icon="ban", count=9, url="#", current=key == "added")
            for key in kinds
        ],
        rows=[
            PhotoRow(
                number=1,
                file="3200**********0114 林海涛.jpg",
                state=kind,
                picture=PICTURE if kind != "refused" else None,
                people=["B21 林海涛"] if kind != "refused" else [],
                why="名单里没有：文件名里要有姓名、证件号码或参赛号"
                if kind == "refused"
                else "文件名写着“王霞”，B21 是林海涛"
                if kind == "asked"
                else None,
            )
            for kind in kinds
        ],
        page=page(1, 2),
        writable=2,
        refused=1,
        asked=1,
        lacking=3,
        upload_url="#",
        write_url="#",
        discard_url="#",
    )
    return {"site": SITE, **fields_of(shown)}


def of_unit() -> Sample:
    """A crew of two: one without a photo, one whose photo the organiser put."""
    shown = PhotoPage(
        back=Link(label="洪泽湖港报名", url="#"),
        title=f"{LONG}的照片",
        photos=[
            photo_card("a", there=False, problem="照片要竖的，像一寸照那样，宽比高约 5:7"),
            PhotoCard(
                name="李",
                of="b",
                picture=PICTURE,
                mark="x",
                put_url=None,
                remove_url=None,
                why_not="照片是组委会传的，要换找组委会",
            ),
        ],
    )
    return {"site": SITE, **fields_of(shown)}
