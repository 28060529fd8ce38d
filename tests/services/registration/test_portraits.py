"""Photos of people: what is kept of one, whose a file in a zip is, who may change which."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from compete.models import Account, Competition, Entrant, Portrait, PortraitFile, PortraitUpload, db
from compete.services.kernel import Refused, check_rows, verify_chain
from compete.services.registration import (
    PhotoStatus,
    PortraitPlan,
    discard_portraits,
    entrant_by_code,
    find_shown,
    keep_portrait_zip,
    people_without_portrait,
    pictures_of,
    plan_portraits,
    portrait_mark,
    portrait_of,
    portrait_plan_mark,
    put_portrait,
    put_unit_portrait,
    records_about,
    remove_portrait,
    save_person,
    withdraw_person,
    write_portraits,
)
from compete.services.registration.portraits import NONE_YET
from compete.services.sheets import is_clean
from tests.support.pictures import photo
from tests.support.portraits import portrait, zipped
from tests.support.small import IDS


def of(competition: Competition, code: str) -> Entrant:
    found = entrant_by_code(competition, code)
    assert found is not None
    return found


def planned(competition: Competition, by: Account, files: dict[str, bytes]) -> PortraitPlan:
    return plan_portraits(keep_portrait_zip(competition, "照片.zip", zipped(files), by))


def test_what_is_kept_is_of_one_inch_shape_sealed_and_says_nothing_of_the_camera(
    fresh: Competition, organiser: Account
) -> None:
    sent = photo(size=(4000, 3000), turned=True)
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
    ("sent", "said"),
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
    fresh: Competition, organiser: Account, sent: bytes, said: str
) -> None:
    with pytest.raises(Refused, match=said):
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
    told = [
        (row.action, row.before, (row.after or {}).get("photo"))
        for row in records_about(of(fresh, "P1"))
        if row.action.startswith("portrait.")
    ]
    assert told == [
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
    said = {photo.file: (photo.status, [who.code for who in photo.whose]) for photo in plan.photos}
    added, refused = PhotoStatus.ADDED, PhotoStatus.REFUSED
    masked = {code: f"{number[:4]}{'*' * 10}{number[-4:]}" for code, number in IDS.items()}
    assert said == {
        f"{masked['P1']}.jpg": (added, ["P1"]),
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
    upload = keep_portrait_zip(
        fresh, "照片.zip", zipped({"P1.jpg": portrait(), "P2.jpg": portrait()}), organiser
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
    again = keep_portrait_zip(fresh, "2.zip", zipped({"P1.jpg": portrait()}), organiser)
    assert [photo.status for photo in plan_portraits(again).photos] == [PhotoStatus.SAME]


def test_nothing_of_a_zip_stays_that_was_not_written(
    fresh: Competition, organiser: Account
) -> None:
    first = keep_portrait_zip(fresh, "1.zip", zipped({"P1.jpg": portrait()}), organiser)
    second = keep_portrait_zip(fresh, "2.zip", zipped({"P2.jpg": portrait()}), organiser)
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
    assert find_shown(fresh, "entrant", number, kept.sha256[:16]) is not None
    assert find_shown(fresh, "entrant", number, "0" * 16) is None
    assert find_shown(fresh, "member", number, kept.sha256[:16]) is None
    assert find_shown(fresh, "competition", number, kept.sha256[:16]) is None
