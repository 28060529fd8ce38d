"""Photos of people: what is kept of one, whose a file in a zip is, who may change which."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from compete.domain.identity.masks import mask_id
from compete.models import (
    Account,
    Competition,
    Entrant,
    Portrait,
    PortraitFile,
    PortraitUpload,
    db,
)
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.applications import save_person
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.person_record import records_about
from compete.services.registration.portrait_zip import (
    PhotoStatus,
    PortraitPlan,
    discard_portraits,
    keep_portraits,
    plan_portraits,
    portrait_plan_mark,
    write_portraits,
)
from compete.services.registration.portraits import (
    NONE_YET,
    find_same_photo,
    people_without_portrait,
    pictures_of,
    portrait_mark,
    portrait_of,
    put_portrait,
    put_unit_portrait,
    remove_portrait,
)
from compete.services.registration.withdrawals import withdraw_person
from compete.services.sheets.photo_files import is_clean
from tests.domain.scoring.build import entrant
from tests.sheets.reading.files import id_of
from tests.support.pictures import photo
from tests.support.portraits import portrait, zipped
from tests.support.small import IDS, small


def of(competition: Competition, code: str) -> Entrant:
    holder = entrant_by_code(competition, code)
    assert holder is not None
    return holder


def planned(competition: Competition, by: Account, files: dict[str, bytes]) -> PortraitPlan:
    return plan_portraits(keep_portraits(competition, [("照片.zip", zipped(files))], by))


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (4000, 3000)), ("HEIF", (1200, 900))])
def test_what_is_kept_is_of_one_inch_shape_sealed_and_says_nothing_of_the_camera(
    fresh: Competition, organiser: Account, kind: str, size: tuple[int, int]
) -> None:
    sent = photo(kind, size=size, turned=True)
    assert b"SECRETCAM" in sent
    kept = put_portrait(of(fresh, "P1"), sent, NONE_YET, organiser)
    picture = kept.picture
    assert is_clean(picture)
    assert b"SECRETCAM" not in picture
    with Image.open(BytesIO(picture)) as shown:
        assert shown.size == (413, 578)
    stored = db.session.execute(text("select picture from portrait")).scalar_one()
    assert picture[20:60] not in stored
    assert pictures_of([of(fresh, "P1").id]) == {("entrant", of(fresh, "P1").id): picture}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", "不是照片"),
        (b"%PDF-1.7 nothing", "不是照片"),
        (photo()[:2000], "不是照片"),
        (photo(size=(640, 480)), "竖的"),
        (photo(size=(100, 1000)), "太小"),
        (photo(size=(300, 1000)), "竖的"),
        (photo(size=(149, 210)), "太小"),
        (b"\xff\xd8\xff" + b"\0" * 10_500_000, "最多 10 MB"),
    ],
)
def test_what_is_no_photo_of_a_person_is_refused_in_words(
    fresh: Competition, organiser: Account, sent: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        put_portrait(of(fresh, "P1"), sent, NONE_YET, organiser)
    assert portrait_of(of(fresh, "P1")) is None


def test_each_change_is_traced_and_a_stale_form_changes_nothing(
    fresh: Competition, organiser: Account
) -> None:
    first = put_portrait(of(fresh, "P1"), portrait(), NONE_YET, organiser).sha256
    with pytest.raises(Refused, match="刚被别人换过"):
        put_portrait(of(fresh, "P1"), portrait(9), NONE_YET, organiser)
    second = put_portrait(of(fresh, "P1"), portrait(9), first[:16], organiser).sha256
    with pytest.raises(Refused, match="刚被别人换过"):
        remove_portrait(of(fresh, "P1"), first[:16], organiser)
    remove_portrait(of(fresh, "P1"), second[:16], organiser)
    assert portrait_of(of(fresh, "P1")) is None
    records = [
        (row.action, row.before, (row.after or {}).get("photo"))
        for row in records_about(of(fresh, "P1"))
        if row.action.startswith("portrait.")
    ]
    assert records == [
        ("portrait.remove", {"photo": second}, None),
        ("portrait.put", {"photo": first}, second),
        ("portrait.put", None, first),
    ]
    assert not list(verify_chain(fresh))


def test_a_photo_put_in_behind_the_programs_back_is_found(
    fresh: Competition, organiser: Account
) -> None:
    put_portrait(of(fresh, "P1"), portrait(), NONE_YET, organiser)
    assert not list(check_rows(fresh.id, {Portrait.__tablename__}))
    db.session.execute(
        text("update portrait set entrant_id = :other"), {"other": of(fresh, "P2").id}
    )
    db.session.commit()
    assert list(check_rows(fresh.id, {Portrait.__tablename__}))


def test_files_are_matched_by_numbers_in_their_names(
    fresh: Competition, organiser: Account
) -> None:
    shot = portrait()
    plan = planned(
        fresh,
        organiser,
        {
            f"一/{IDS['P1']}.jpg": shot,
            "p2 钱文.JPG": shot,
            f"孙䶮{IDS['P3']}正面.png": photo("PNG", size=(360, 480)),
            "DSC00017.jpg": shot,
            f"P4_{IDS['P1']}.jpg": shot,
            "P4.txt": b"no photo",
        },
    )
    matches = {
        photo.file: (photo.status, [who.code for who in photo.whose]) for photo in plan.photos
    }
    added, refused = PhotoStatus.ADDED, PhotoStatus.REFUSED
    masked = {code: f"{number[:4]}{'*' * 10}{number[-4:]}" for code, number in IDS.items()}
    assert matches == {
        f"一/{masked['P1']}.jpg": (added, ["P1"]),
        "p2 钱文.JPG": (added, ["P2"]),
        f"孙䶮{masked['P3']}正面.png": (added, ["P3"]),
        "DSC00017.jpg": (refused, []),
        f"P4_{masked['P1']}.jpg": (refused, []),
        "P4.txt": (refused, ["P4"]),
    }
    why = {photo.file: str(photo.why) for photo in plan.photos if photo.why}
    assert "名单里没有" in why["DSC00017.jpg"]
    assert "对上了 2 个人：P4 李小小、P1 赵启明" in why[f"P4_{masked['P1']}.jpg"]
    assert "不是照片" in why["P4.txt"]
    assert [photo.status for photo in plan.photos][:3] == [refused] * 3
    assert [who.code for who in plan.lacking] == ["P4"]
    assert db.session.query(Portrait).count() == 0


_UNITS, _PEOPLE = ("江南港", "清江港", "江南港务集团"), ("陈志远", "钱思", "陈志", "王霞", "李四")


def _several_units() -> dict[str, Any]:
    """Nine people of three units: names that hold one another, that several have, short numbers."""
    plain = small()
    plain["units"] = [{"code": f"U{n}", "name": name} for n, name in enumerate(_UNITS)]
    codes = ("1", "2", "3", "B21", "B22", "B23", "101", "102", "103")
    plain["entrants"] = [
        entrant(code, unit=f"U{n % 3}", name=_PEOPLE[n % 5], id_number=id_of(n))
        for n, code in enumerate(codes)
    ]
    return plain


def test_every_picture_of_a_zip_is_taken_asked_or_left_out_and_none_goes_astray(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = load(_several_units())
    people = [of(contest, entry["code"]) for entry in _several_units()["entrants"]]
    draw = random.Random(2026)
    shot = portrait()
    numbers = {who.code: who for who in people} | {who.id_number: who for who in people}
    folders = (
        "",
        "",
        *_UNITS,
        "江南港（3人）",
        "照片",
        "长江航运",
        contest.events[0].name,
        "照片/清江港",
    )
    kept = 0
    for _round in range(25):
        files: dict[str, bytes] = {}
        file_parts: dict[str, tuple[str, str, str]] = {}
        for _file in range(10):
            folder = draw.choice(folders)
            number = draw.choice((*numbers, "", "", "9", "B99"))
            name = draw.choice((*_PEOPLE, "陈志远照片", "孙悟空", "清江港", "", "", "IMG"))
            parts = [it for it in draw.sample([number, name], 2) if it]
            path = f"{folder}/{draw.choice(('_', ' ', '-')).join(parts) or '.x'}.jpg".lstrip("/")
            files[path] = draw.choice((shot, shot, shot, shot, b"no photo"))
            file_parts[mask_paper(path)] = (folder, number, name)
        plan = planned(contest, organiser, files)
        assert sorted(photo.file for photo in plan.photos) == sorted(map(mask_paper, files))
        taken: set[str] = set()
        for zip_photo in plan.photos:
            if zip_photo.status in (PhotoStatus.REFUSED, PhotoStatus.ASKED):
                assert zip_photo.why is not None
                continue
            (who,) = zip_photo.whose
            folder, number, name = file_parts[zip_photo.file]
            assert who.code not in taken
            taken.add(who.code)
            bare_name = name.removesuffix("照片")
            assert bare_name not in _PEOPLE or bare_name == who.name, zip_photo.file
            assert name != "孙悟空", zip_photo.file
            assert name not in _UNITS or name == who.unit, zip_photo.file
            assert number not in numbers or numbers[number].code == who.code, zip_photo.file
            own = {unit for unit in _UNITS if unit in folder.replace("（", "/").split("/")}
            assert not own or own == {who.unit}, zip_photo.file
            sure = number in numbers and (len(number) == 18 or bare_name == who.name)
            assert folder != "长江航运" or sure or not number.isdigit(), zip_photo.file
            namesakes = {it.unit.name for it in people if it.name == who.name}
            assert number in numbers or len(namesakes) == 1 or own or name in _UNITS, zip_photo.file
            assert number in numbers or folder != "长江航运", zip_photo.file
        kept += len(taken)
        assert {who.code for who in plan.lacking} == {it.code for it in people} - taken
    assert kept > 25


def mask_paper(path: str) -> str:
    """A path as it is shown, with a long number masked."""
    plain = unicodedata.normalize("NFKC", path)
    return re.sub("[0-9]{17}[0-9X]", lambda hit: mask_id(hit[0]), plain)


def test_a_name_that_holds_another_and_one_beside_another_are_asked_about(
    fresh: Competition, organiser: Account
) -> None:
    with unit_of_work():
        of(fresh, "P1").name, of(fresh, "P2").name = "王伟", "陈志远"
    shot = portrait()
    other = of(fresh, "P3").unit.name
    files = ("P1 王伟东.jpg", "P1 王伟 陈志远.jpg", f"P1 {other}.jpg", "长江航运/陈志远.jpg")
    plan = planned(fresh, organiser, dict.fromkeys(files, shot))
    assert {photo.file: photo.status.value for photo in plan.photos} == dict.fromkeys(
        files, "asked"
    )


def test_name_number_and_folder_must_agree_or_are_asked_about(
    fresh: Competition, organiser: Account
) -> None:
    for code, name in (("P1", "陈志远"), ("P2", "赵启明")):
        with unit_of_work():
            of(fresh, code).name = name
    own, other = of(fresh, "P1").unit.name, of(fresh, "P3").unit.name
    assert own != other
    with unit_of_work():
        of(fresh, "P4").code = "1"
    first = of(fresh, "1").unit.name
    elsewhere = own if first != own else other
    shot = portrait()
    plan = planned(
        fresh,
        organiser,
        {
            "P1 赵启明.jpg": shot,
            f"王霞_{IDS['P2']}.jpg": shot,
            "陈志远 白底照片.jpg": shot,
            f"{elsewhere}/1.jpg": shot,
            f"{other}/{IDS['P1']}.jpg": shot,
            f"{first}/1 .jpg": shot,
            "孙䶮.heic": photo("HEIF", size=(360, 480))[:900],
        },
    )
    matches = [(photo.status.value, [who.code for who in photo.whose]) for photo in plan.photos]
    assert sorted(matches) == sorted(
        [
            ("refused", []),  # the name is another's
            ("asked", ["P2"]),  # a name that nobody has
            ("added", ["P1"]),  # the name alone
            ("refused", []),  # another unit's number 1
            ("asked", ["P1"]),  # the number of a paper, in another unit's folder
            ("added", ["1"]),
            ("refused", ["P3"]),  # a HEIC of which half came
        ]
    )
    assert any("这张 HEIC 照片打不开" in str(photo.why) for photo in plan.photos)


def test_what_is_asked_is_written_where_somebody_says_yes(
    fresh: Competition, organiser: Account
) -> None:
    files = {f"王霞_{IDS['P2']}.jpg": portrait(), f"王芳_{IDS['P3']}.jpg": portrait(9)}
    upload = keep_portraits(fresh, [("1.zip", zipped(files))], organiser)
    plan = plan_portraits(upload)
    (sure,) = [photo.number for photo in plan.photos if photo.whose[0].code == "P2"]
    assert write_portraits(upload.id, portrait_plan_mark(plan), organiser, [sure]) == 1
    assert [who.code for who in people_without_portrait(fresh, 9)] == ["P1", "P3", "P4"]


def test_a_name_of_two_people_is_told_apart_by_the_folder_of_their_unit(
    fresh: Competition, organiser: Account
) -> None:
    with unit_of_work():
        of(fresh, "P3").name = of(fresh, "P1").name = "陈志远"
    unit = of(fresh, "P3").unit.name
    plan = planned(fresh, organiser, {f"照片/{unit}/陈志远.jpg": portrait()})
    assert [[who.code for who in photo.whose] for photo in plan.photos] == [["P3"]]
    assert planned(fresh, organiser, {"陈志远.jpg": portrait()}).count(PhotoStatus.REFUSED) == 1


def test_a_name_that_only_one_person_has_is_enough_in_every_usual_writing(
    fresh: Competition, organiser: Account
) -> None:
    own = of(fresh, "P1").unit.name
    event = fresh.events[0].name
    with unit_of_work():
        of(fresh, "P2").name, of(fresh, "P3").name = "阿不都·热合曼", "张三"
        of(fresh, "P4").name = "Anna Weber"
    named: tuple[tuple[str, str | None], ...] = (
        ("赵启明.jpg", "P1"),
        (f"{own}-赵启明.jpg", "P1"),
        (f"{own}赵启明.jpg", "P1"),
        (f"{event}赵启明一寸照.heic", "P1"),
        ("01号选手赵启明.jpg", "P1"),
        ("赵启明 (2).jpg", "P1"),
        ("赵启明_13800001111.jpg", "P1"),
        ("阿不都.热合曼.jpg", "P2"),
        ("阿不都热合曼2.jpg", "P2"),
        ("张　三.jpg", "P3"),
        ("7、张三（新）.jpg", "P3"),
        ("12_Anna Weber.jpg", "P4"),
        ("weber anna.jpg", None),
    )
    for name, who in named:
        (zip_photo,) = planned(fresh, organiser, {name: portrait()}).photos
        assert [holder.code for holder in zip_photo.whose] == ([who] if who else []), name
        assert zip_photo.status is (PhotoStatus.ADDED if who else PhotoStatus.REFUSED), name


def test_a_unit_in_the_files_name_is_the_persons_or_is_told(
    fresh: Competition, organiser: Account
) -> None:
    with unit_of_work():
        of(fresh, "P1").unit.name = "江南第三建设（集团）有限公司"
    other = of(fresh, "P3").unit.name
    assert other != of(fresh, "P1").unit.name
    plan = planned(
        fresh,
        organiser,
        {"江南第三建设（集团）有限公司-赵启明.jpg": portrait(), "P2.jpg": portrait()},
    )
    assert plan.count(PhotoStatus.ADDED) == 2
    (zip_photo,) = planned(fresh, organiser, {f"{other}-赵启明.jpg": portrait()}).photos
    assert zip_photo.status is PhotoStatus.REFUSED
    assert f"{other}没有赵启明：P1 赵启明（江南第三建设（集团）有限公司）" in str(zip_photo.why)
    (zip_photo,) = planned(fresh, organiser, {"远洋航运公司-赵启明.jpg": portrait()}).photos
    assert zip_photo.status is PhotoStatus.ASKED
    assert "文件名写着远洋航运公司，P1 赵启明 是江南第三建设" in str(zip_photo.why)


def test_who_shares_a_name_is_told_with_both_and_what_to_call_the_file(
    fresh: Competition, organiser: Account
) -> None:
    with unit_of_work():
        of(fresh, "P3").name = of(fresh, "P1").name = "陈志远"
    own, other = of(fresh, "P1").unit.name, of(fresh, "P3").unit.name
    (both,) = planned(fresh, organiser, {"3_陈志远.jpg": portrait()}).photos
    assert str(both.why) == (
        f"对上了 2 个人：P1 陈志远（{own}）、P3 陈志远（{other}）。文件名写成“{own}-陈志远”这样再传"
    )
    (right,) = planned(fresh, organiser, {f"{own}-陈志远.jpg": portrait()}).photos
    assert [who.code for who in right.whose] == ["P1"]
    with unit_of_work():
        of(fresh, "P3").unit = of(fresh, "P1").unit
    (both,) = planned(fresh, organiser, {"陈志远.jpg": portrait()}).photos
    assert "写成“P1 陈志远”这样再传" in str(both.why)


def test_numbers_that_only_count_the_files_are_nobodys(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    names = ("陈志远", "钱思", "王霞", "李四", "赵小满", "周同")
    plain["entrants"] = [
        entrant(str(n + 1), unit=plain["units"][0]["code"], name=name, id_number=id_of(n))
        for n, name in enumerate(names)
    ]
    contest = load(plain)
    shot = portrait()
    turned = {f"{n}_{name}.jpg": shot for n, name in enumerate((*names[1:], names[0]), 1)}
    plan = planned(contest, organiser, turned)
    assert {photo.file: photo.whose[0].name in photo.file for photo in plan.photos} == (
        dict.fromkeys(turned, True)
    )
    assert plan.count(PhotoStatus.ADDED) == 6
    # Two of many: somebody mixed them up.
    mixed = {f"{n}_{name}.jpg": shot for n, name in enumerate((*names[:4], names[5], names[4]), 1)}
    plan = planned(contest, organiser, mixed)
    assert (plan.count(PhotoStatus.ADDED), plan.count(PhotoStatus.ASKED)) == (4, 2)


def test_two_files_of_one_person_are_both_left(fresh: Competition, organiser: Account) -> None:
    plan = planned(
        fresh, organiser, {"P1.jpg": portrait(), "P1 (新).jpg": portrait(9), "P2.jpg": portrait()}
    )
    assert plan.count(PhotoStatus.REFUSED) == 2
    assert "有 2 张：P1.jpg、P1 (新).jpg" in str(plan.photos[0].why)


def test_a_zip_is_written_once_and_only_as_it_was_seen(
    fresh: Competition, organiser: Account
) -> None:
    put_portrait(of(fresh, "P2"), portrait(9), NONE_YET, organiser)
    upload = keep_portraits(
        fresh, [("照片.zip", zipped({"P1.jpg": portrait(), "P2.jpg": portrait()}))], organiser
    )
    plan = plan_portraits(upload)
    assert [photo.status for photo in plan.photos] == [PhotoStatus.ADDED, PhotoStatus.CHANGED]
    # Somebody else meanwhile.
    put_portrait(of(fresh, "P1"), portrait(5), NONE_YET, organiser)
    with pytest.raises(Refused, match="刚被别人改过"):
        write_portraits(upload.id, portrait_plan_mark(plan), organiser)
    write_portraits(upload.id, portrait_plan_mark(plan_portraits(upload)), organiser)
    marks = {portrait_mark(portrait_of(of(fresh, code))) for code in ("P1", "P2")}
    assert len(marks) == 1
    assert db.session.query(PortraitFile).count() == 0
    with pytest.raises(Refused, match="处理过了"):
        plan_portraits(upload)
    record = next(row for row in records_about(of(fresh, "P2")) if row.action == "portrait.import")
    assert IDS["P2"] not in str(record.after)
    assert not list(verify_chain(fresh))
    assert not list(check_rows(fresh.id))
    # The same again changes nothing.
    again = keep_portraits(fresh, [("2.zip", zipped({"P1.jpg": portrait()}))], organiser)
    assert [photo.status for photo in plan_portraits(again).photos] == [PhotoStatus.SAME]


def test_nothing_of_a_zip_stays_that_was_not_written(
    fresh: Competition, organiser: Account
) -> None:
    first = keep_portraits(fresh, [("1.zip", zipped({"P1.jpg": portrait()}))], organiser)
    second = keep_portraits(fresh, [("2.zip", zipped({"P2.jpg": portrait()}))], organiser)
    assert db.session.get_one(PortraitUpload, first.id).state.value == "discarded"
    assert db.session.query(PortraitFile).count() == 1
    discard_portraits(second.id, organiser)
    assert db.session.query(PortraitFile).count() == 0
    assert db.session.query(Portrait).count() == 0


def test_a_photo_of_somebody_dropped_meanwhile_is_refused_in_words(
    fresh: Competition, organiser: Account
) -> None:
    draft = save_person(fresh.units[0], fresh, {"name": "新来"}, organiser)
    db.session.execute(text("delete from application"))
    db.session.commit()
    with pytest.raises(Refused, match="刚被别人改过"):
        put_unit_portrait(draft, portrait(), NONE_YET, organiser)
    assert db.session.query(Portrait).count() == 0


def test_who_withdrew_is_not_asked_for_a_photo(fresh: Competition, organiser: Account) -> None:
    withdraw_person(of(fresh, "P1"), "病了", organiser)
    assert [who.code for who in people_without_portrait(fresh, 60)] == ["P2", "P3", "P4"]
    assert planned(fresh, organiser, {"P1.jpg": portrait()}).count(PhotoStatus.REFUSED) == 1


def test_a_photo_is_shown_as_long_as_it_is_the_one_meant(
    fresh: Competition, organiser: Account
) -> None:
    kept = put_portrait(of(fresh, "P1"), portrait(), NONE_YET, organiser)
    number = of(fresh, "P1").id
    assert find_same_photo(fresh, "entrant", number, kept.sha256[:16]) is not None
    assert find_same_photo(fresh, "entrant", number, "0" * 16) is None
    assert find_same_photo(fresh, "member", number, kept.sha256[:16]) is None
    assert find_same_photo(fresh, "competition", number, kept.sha256[:16]) is None
