"""A hall's server for the tablet's scripts alone: the API as agreed, and every way it can fail.

It renders the real templates and serves the real `static/`, but keeps its acts
in a list. The whole application has tests of its own; here we need a server
that loses an answer, dies or forgets a session at exactly the right moment.
"""

from __future__ import annotations

import contextlib
import json
import mimetypes
import re
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from compete.web.headers import CAMERA_POLICY
from compete.web.judge.sheet_json import WholeRow, WholeSheet
from tests.browser.tablet import photographs, signatures
from tests.browser.tablet.pages import (
    compare_page,
    home_page,
    scripts,
    sheet_page,
    sign_page,
    stranger_page,
    stylesheet,
)

ROOT = Path(__file__).resolve().parents[3]
OPEN = {"not_begun", "begun", "complete", "returned"}


class Hall:
    """The server's memory and its moods; `address` stays the same through death and return."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.judge = "judge-a"
        self.signed_in, self.seat_is_over = True, False
        self.theme = "light"
        self.worker, self.before_worker = "", b""  # its version, if any; what runs before it
        self.token = "token-1"
        self.key = {"tablet": "0123456789abcdef", "key": "ab" * 32}
        self.sheets: dict[str, dict[str, Any]] = {}
        self.stored: list[dict[str, Any]] = []
        # Of the data; another one after a backup was restored.
        self.generation, self.tells_time = "first", True
        self.refusing: dict[str, str] = {}
        self.lose_answers = 0
        self.status: int | None = None
        self.delay, self.page_delay = 0.0, 0.0
        # How many sheets' pages have left.
        self.served = 0
        self.posts: list[list[str]] = []
        self.tokens: list[str | None] = []
        self.sent, self.turned_away = 0, 0
        self.open, self.early = True, False
        self.pin: str | None = "4827"
        self.signatures: list[dict[str, Any]] = []
        self.photos: dict[str, dict[str, Any]] = {}
        self.connections: set[socket.socket] = set()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.up()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Answer (again) on the same port."""
        if self._server:
            return
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def down(self) -> None:
        """Die: open connections break, new ones are refused."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            for connection in list(self.connections):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._thread.join(timeout=10)
        self._server = None

    def pass_to(self, judge: str, token: str) -> None:
        """Somebody else signs in here; a call on its way meets all of it or nothing."""
        with self.lock:
            self.status, self.judge, self.token = None, judge, token

    def add_sheet(self, sheet: dict[str, Any]) -> dict[str, Any]:
        """Give the judge a sheet; the fields of the API with the usual defaults."""
        full = {
            "version": 0,
            "state": "not_begun",
            "module": "实操",
            "session": "第3场",
            "station": "2号工位",
            "date": "2026-09-16",
            "begins": "10:20",
            "ends": "11:00",
            "clock": "10:20–11:00",
            "total": None,
            "returned_reason": None,
            "reminded": None,
            "locked": False,
            "ruled": [],
            "values": {},
            "watch": [],
            "next": None,
            "rounding": 2,
            "full": "100",
        } | sheet
        full["aspect_count"] = full["left"] = len(full["aspects"])
        assert full.keys() <= WholeSheet.__annotations__.keys()
        self.sheets[full["id"]] = full
        return full

    def values(self, sheet: str) -> dict[str, Any]:
        """What stands on the server: the last held act of each aspect."""
        values: dict[str, Any] = {}
        with self.lock:
            for act in self.stored:
                if act["sheet"] == sheet and act["kind"] == "mark":
                    values[act["aspect"]] = act["value"]
                elif act["sheet"] == sheet and act["kind"] == "clear":
                    values.pop(act["aspect"], None)
        return values

    def restore(self, acts: int) -> None:
        """Go back to a backup that held the first so many acts."""
        with self.lock:
            kept, self.stored = self.stored[:acts], []
            self.generation += "+"
            for sheet in self.sheets.values():
                sheet |= {"version": 0, "state": "not_begun", "left": len(sheet["aspects"])}
                sheet["watch"] = []
            for act in kept:
                self._hold(act)

    def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait for something to become true of the server."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "the tablet did not get there in time"
            time.sleep(0.02)

    def time(self) -> dict[str, str]:
        """What the server says of its clock; nothing where the test moves the tablet's alone."""
        return {"now": datetime.now(UTC).isoformat()} if self.tells_time else {}

    def take(self, body: dict[str, Any]) -> dict[str, Any]:
        """`POST /api/acts`."""
        with self.lock:
            self.posts.append([act["uuid"] for act in body["acts"]])
            known = {act["uuid"] for act in self.stored}
            stored, refused = [], []
            changed: set[str] = set()
            for act in body["acts"]:
                reason = self._fault(act)
                if act["uuid"] in known:
                    stored.append(act["uuid"])
                elif reason:
                    refused.append({"uuid": act["uuid"], "reason": reason})
                else:
                    self._hold(act)
                    changed.add(act["sheet"])
                    stored.append(act["uuid"])
            touched = {act["sheet"] for act in body["acts"] if act["sheet"] in self.sheets}
            return {
                "held": stored,
                "refused": refused,
                "sheets": {name: self._brief(name, name in changed) for name in sorted(touched)},
                **self.time(),
                "generation": self.generation,
            }

    def _fault(self, act: dict[str, Any]) -> str | None:
        sheet = self.sheets.get(act["sheet"])
        if sheet is None:
            return "这张表现在不是你的（换了人，或者撤回了），分还在这台平板里，问裁判长"
        if act["kind"] in ("mark", "clear", "submit") and sheet["state"] not in OPEN:
            return f"{sheet['code']} 已经提交，要改请找裁判长或组委会退回"
        stands = self.values(act["sheet"])
        if act["kind"] == "submit" and act.get("note"):
            return self._unseen(sheet, json.loads(act["note"]), stands, self._unknown(act))
        other = stands.get(act.get("aspect") or "", act.get("value"))
        if act.get("note") == "untouched" and _number(other) != _number(act["value"]):
            return f"另一台平板上记了 {other}"
        return self.refusing.get(act.get("aspect") or "")

    def _unknown(self, act: dict[str, Any]) -> dict[str, Any]:
        """What another tablet did since what this one knew of."""
        if act.get("known") is None:
            return {}
        return {
            other["aspect"]: other.get("value")
            for other in self.stored[act["known"] :]
            if other["sheet"] == act["sheet"]
            and other["kind"] in ("mark", "clear")
            and other.get("tablet") != act.get("tablet")
        }

    def _unseen(
        self,
        sheet: dict[str, Any],
        seen: dict[str, Any],
        stands: dict[str, Any],
        unknown: dict[str, Any],
    ) -> str | None:
        names = [
            aspect["name"]
            for aspect in sheet["aspects"]
            for mine in [seen[aspect["code"]]]
            if _number(stands.get(aspect["code"])) != _number(mine)
            or _number(unknown.get(aspect["code"], mine)) != _number(mine)
        ]
        return f"{'、'.join(names)}在另一台平板上改过，请看过再提交" if names else None

    def _hold(self, act: dict[str, Any]) -> None:
        self.stored.append(act)
        sheet = self.sheets[act["sheet"]]
        sheet["version"] += 1
        sheet["reminded"] = None
        if act["kind"] == "submit":
            sheet["state"] = "submitted"
        elif act["kind"] in ("mark", "clear"):
            left = len(sheet["aspects"]) - len(self.values(act["sheet"]))
            sheet["state"] = "begun" if left else "complete"
            sheet["left"] = left
        elif act["kind"] == "comment":
            sheet["comment"] = act["note"]
        elif act["kind"].startswith("watch_"):
            keys = ("kind", "aspect", "at", "value", "note")
            sheet["watch"].append({key: act.get(key) for key in keys})

    def _brief(self, name: str, changed: bool) -> dict[str, Any]:
        sheet = self.sheets[name]
        keys = ("state", "version", "returned_reason")
        brief = {key: sheet[key] for key in keys} | {"values": self.values(name)}
        brief["acts"] = len(self.stored)
        if changed:
            brief["reminded"] = None
        if sheet["state"] == "submitted":
            sheet |= {"previous": {}, "remark": None}
            brief |= {"previous": {}, "remark": None, "panel": None, "dispute": None}
            brief["ruled"] = sheet["ruled"]
            brief["signing"] = signatures.standing(self, name)
        return brief

    def whole(self, name: str) -> dict[str, Any]:
        """`GET /api/sheets/<id>`."""
        with self.lock:
            sheet = {"values": self.values(name), "signing": signatures.standing(self, name)}
            sheet["photos"] = photographs.of_sheet(self, name)
            sheet |= {"generation": self.generation, "acts": len(self.stored)}
            return self.sheets[name] | sheet

    def home(self) -> dict[str, Any]:
        """`GET /api/home`."""
        with self.lock:
            rows = [
                {key: value for key, value in sheet.items() if key in WholeRow.__annotations__}
                | {"ready": sheet["state"] == "submitted", "dispute": sheet.get("dispute")}
                | {"excused": sheet.get("excused", False)}
                for sheet in self.sheets.values()
            ]
        return {
            "judge": {"code": "03", "name": "许静"},
            "competition": "2022年全省港口叉车司机职业技能竞赛",
            "open": self.open,
            "early": self.early,
            "sheets": rows,
            "generation": self.generation,
        }


def _number(value: Any) -> Any:
    """A value to be compared: 18.00 is 18."""
    return Decimal(value) if isinstance(value, str) else value


def _handler(hall: Hall) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            hall.connections.add(self.connection)

        def finish(self) -> None:
            hall.connections.discard(self.connection)
            with contextlib.suppress(OSError):
                super().finish()

        def handle(self) -> None:
            # A browser that goes away in the middle is what these tests are about.
            with contextlib.suppress(ConnectionError, ValueError):
                super().handle()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith("/assets/js/"):
                return self._say(
                    200, scripts().pack(path.removeprefix("/assets/js/")), "text/javascript"
                )
            if path.startswith("/static/js/"):
                # A module by itself, for tests that try one alone.
                body = scripts().files[path.removeprefix("/static/js/")]
                return self._say(200, body.encode(), "text/javascript")
            if path.startswith(("/static/icons/", "/static/old/", "/static/vendor/")):
                file = ROOT / path.removeprefix("/")
                kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
                return self._say(200, file.read_bytes(), kind)
            if path == "/assets/judge.css":
                return self._say(200, stylesheet(), "text/css")
            if path == "/sw.js" and hall.worker:
                worker = hall.before_worker + scripts().pack("sw.js")
                return self._say(200, worker, "text/javascript")
            if path == "/favicon.ico":
                return self._say(204, b"", "image/x-icon")
            if not hall.signed_in:
                return self._refuse_stranger(path)
            if path.startswith("/judge/"):
                time.sleep(hall.page_delay)
            name = path.rsplit("/", 1)[-1]
            if path.startswith("/judge/sheets/") and name in hall.sheets:
                page = sheet_page(hall, hall.whole(name))
                self._say(200, page.encode(), "text/html")
                hall.served += 1
                return None
            if path == "/judge/sign":
                return self._say(200, sign_page(hall, hall.home()).encode(), "text/html")
            if path == "/judge/compare":
                chosen = parse_qs(urlsplit(self.path).query)
                page = compare_page(hall, chosen["a"][0], chosen.get("b", ["k33"])[0])
                return self._say(200, page.encode(), "text/html")
            if path == "/judge/":
                return self._say(200, home_page(hall, hall.home()).encode(), "text/html")
            return self._api(path)

        def do_POST(self) -> None:
            if self.path == "/sign-out":
                self.rfile.read(int(self.headers["Content-Length"]))
                hall.signed_in = False
                return self._refuse_stranger("/")
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            body = {} if self.path.endswith("/photos") else json.loads(sent)
            if not hall.signed_in:
                return self._refuse_stranger(self.path)
            hall.tokens.append(self.headers["X-CSRF-Token"])
            time.sleep(hall.delay)
            with hall.lock:
                token, status = hall.token, hall.status
            if self.headers["X-CSRF-Token"] != token:
                return self._json(400, {"error": "令牌过期"})
            if status:
                hall.turned_away += self.path == "/api/acts"
                return self._json(status, {})
            if self.path.endswith("/photos"):
                return self._stored(photographs.take(hall, self.path, sent))
            if self.path == "/api/key":
                return self._json(200, hall.key)
            if self.path != "/api/acts":
                return self._json(*signatures.answer(hall, self.path, body))
            return self._stored((200, hall.take(body)))

        def _stored(self, answer: tuple[int, dict[str, Any]]) -> None:
            if hall.lose_answers:
                hall.lose_answers -= 1
                self.close_connection = True
                return self.connection.close()
            return self._json(*answer)

        def _api(self, path: str) -> None:
            if hall.status:
                return self._json(hall.status, {})
            if path == "/api/home":
                return self._json(200, hall.home())
            if "/photos/" in path:
                return self._say(200, photographs.picture(hall, path), "image/jpeg")
            match = re.fullmatch(r"/api/sheets/(\w+)", path)
            if match and match[1] in hall.sheets:
                return self._json(200, {**hall.whole(match[1]), **hall.time()})
            return self._json(404, {})

        def _refuse_stranger(self, path: str) -> None:
            if path.startswith("/api/"):
                return self._json(401, {"error": "请重新登录", "over": hall.seat_is_over})
            return self._say(200, stranger_page(hall).encode(), "text/html")

        def _json(self, status: int, data: dict[str, Any]) -> None:
            self._say(status, json.dumps(data).encode(), "application/json")

        def _say(self, status: int, body: bytes, kind: str) -> None:
            hall.sent += len(body)
            self.send_response(status)
            self.send_header(
                "Content-Type", kind if kind.endswith("wasm") else f"{kind}; charset=utf-8"
            )
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", CAMERA_POLICY)
            self.end_headers()
            self.wfile.write(body)

    return Handler
