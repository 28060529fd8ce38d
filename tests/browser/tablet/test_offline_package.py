"""Marks that can't get out are handed over as a file or as QR codes, and held once all the same."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import Any

import qrcode
from playwright.sync_api import Page, expect
from qrcode.util import MODE_8BIT_BYTE, QRData

from compete.services.judging.tablet_keys import mac_of
from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet
from tests.support.browser import wait_on_page

ENCODE = """async ([origin, cases]) => {
  const {encode} = await import(`${origin}/static/vendor/uqr-0.1.3/index.js`);
  return cases.map(([length, mask]) => encode(
    Array.from({length}, (_none, n) => (n * 37 + mask) & 255),
    {ecc: 'M', border: 0, maskPattern: mask},
  ).data.map((row) => row.map(Number)));
}"""


def drawn_by_another(content: bytes, mask: int) -> list[list[int]]:
    """The same code by another library."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask
    )
    code.add_data(QRData(content, mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    return [[int(bool(module)) for module in row] for row in code.get_matrix()]


def test_codes_are_module_for_module_what_another_library_draws(lab: Page) -> None:
    cases = [[1 + 69 * mask, mask] for mask in range(8)]
    matrices = lab.evaluate(ENCODE, [lab.evaluate("location.origin"), cases])
    for (length, mask), modules in zip(cases, matrices, strict=True):
        content = bytes((n * 37 + mask) & 255 for n in range(length))
        assert modules == drawn_by_another(content, mask)


def waiting(tablet: Tablet, hall: Hall) -> Tablet:
    """Marks that the server will not take, and the list of them open."""
    tablet.open_sheet()
    # What was handed over without the key would be paper.
    wait_on_page(
        tablet.page,
        """async () => {
          const {Store} = await import('/static/js/keeping/store.js');
          return Boolean(await new Store().get('judge-a:key'));
        }""",
    )
    hall.status = 503
    tablet.count("hit", 5).level("smooth", 2)
    tablet.says("6 条待上传·已存本机")
    tablet.part("chip").click()
    return tablet


def check(package: dict[str, Any], tablet: Tablet, hall: Hall) -> None:
    """What was handed over is everything, and taking it in twice holds it once."""
    assert package["format"] == "compete-acts/2"
    assert (package["judge"], package["tablet"]) == ("judge-a", hall.key["tablet"])
    acts = [dict(zip(package["keys"], act, strict=True)) for act in package["acts"]]
    assert [act["value"] for act in acts] == ["1", "2", "3", "4", "5", "2"]
    hall.take({"acts": acts})
    hall.status = None
    # Without a sign of life it would try only when its back-off is over.
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    hall.until(lambda: len(hall.posts) >= 2)
    assert hall.values("k27") == {"hit": "5", "smooth": "2"}
    assert len(hall.stored) == 6


def test_a_file_holds_all_that_waits(tablet: Tablet, hall: Hall, tmp_path: Path) -> None:
    hall.sheets["k27"]["module"] = "装卸/作业: "
    waiting(tablet, hall)
    with tablet.page.expect_download() as download:
        tablet.page.get_by_role("button", name="存成文件").click()
    name = download.value.suggested_filename
    day = tablet.page.evaluate("new Date().toLocaleDateString('sv')")
    assert re.fullmatch(rf"评分 装卸 作业 许静 {day} \d\d\.\d\d\.json", name), name
    download.value.save_as(tmp_path / "marks.json")
    text = (tmp_path / "marks.json").read_bytes()
    head, mac = text.split(b',"mac":')
    assert mac == json.dumps(mac_of(hall.key["key"], head + b"}")).encode() + b"}"
    check(json.loads(text), tablet, hall)


def test_a_series_of_codes_holds_all_that_waits(tablet: Tablet, hall: Hall) -> None:
    waiting(tablet, hall)
    tablet.page.get_by_role("button", name="显示二维码").click()
    dialog = tablet.page.locator("dialog")
    expect(dialog).to_contain_text("第 1 张，共")
    expect(dialog.get_by_role("img", name="二维码")).to_be_visible()
    dialog.get_by_role("button", name="下一张").click()
    expect(dialog).to_contain_text("第 2 张，共")
    texts: list[list[int]] = tablet.page.evaluate(
        """async () => {
          const {packed, pieces} = await import('/static/js/judge/offline_package.js');
          const {Store} = await import('/static/js/keeping/store.js');
          const rows = await new Store().waiting('judge-a');
          const key = await new Store().get('judge-a:key');
          return pieces(packed('judge-a', rows, key)).map((piece) => [...piece]);
        }"""
    )
    whole = b""
    for number, text in enumerate(map(bytes, texts), start=1):
        mark, place, checksum, piece = text.split(b" ", 3)
        assert mark == b"CA1"
        assert place == f"{number}/{len(texts)}".encode()
        whole += piece
    assert int(checksum, 16) == zlib.crc32(whole)
    check(json.loads(whole), tablet, hall)


def test_there_is_nothing_to_hand_over_where_nothing_waits(tablet: Tablet) -> None:
    tablet.open_sheet().part("chip").click()
    for way in ("file", "codes"):
        expect(tablet.part(way)).to_be_hidden()
