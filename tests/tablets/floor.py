"""The bare floor: one Flask route that inserts the same rows and commits, and nothing else.

`python -m tests.tablets.floor SERVER WORKERS THREADS PORT` serves it
with the settings of `compete serve`; SERVER is `ours` or one of `servers.py`.
No sign-in, no token, no rules, no look at what is there: an act and a record for
each act, by the driver itself.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import psycopg
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import make_url

_ACT = (
    "INSERT INTO act (uuid, sheet_id, judge_id, kind, aspect, value, said_at, tablet, tablet_seq,"
    " held_at) VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?, ?)"
)
_RECORD = (
    "INSERT INTO audit_entry (competition_id, seq, at, actor, action, subject, after,"
    " prev_hash, hash) VALUES (1, ?, ?, '裁判', 'acts.take', ?, ?, ?, ?)"
)
_NEXT = "SELECT max(seq) + 1 FROM audit_entry WHERE competition_id = 1"


def floor_app(database: str) -> Flask:
    """The route, on a migrated database in which competition 1, judge 1 and sheet 1 stand."""
    app = Flask("floor")
    made = bytes(4 * 1024 * 1024)
    url = make_url(database)
    mine = threading.local()
    lite = url.drivername.startswith("sqlite")
    begin = "BEGIN IMMEDIATE" if lite else "LOCK TABLE competition IN EXCLUSIVE MODE"
    mark = "?" if lite else "%s"

    def connection() -> Any:
        if not hasattr(mine, "connection"):
            mine.connection = _sqlite(str(url.database)) if lite else _postgres(database)
        return mine.connection

    @app.post("/api/acts")
    def acts() -> ResponseReturnValue:
        now = datetime.now(UTC)
        taken = request.get_json()["acts"]
        cursor = connection().cursor()
        cursor.execute(begin)
        for act in taken:
            value = act.get("value")
            cursor.execute(
                _ACT.replace("?", mark),
                (
                    *(act["uuid"], act["kind"], act["aspect"]),
                    None if value is None else int(float(value) * 1_000_000),
                    *(act["at"], act["tablet"], act["seq"]),
                    str(now) if lite else now,
                ),
            )
        (seq,) = cursor.execute(_NEXT).fetchone()
        after = json.dumps({"held": len(taken), "sha256": "0" * 64, "sheets": [], "refused": []})
        row = (seq or 1, str(now) if lite else now, "J001", after, "0" * 64, "1" * 64)
        cursor.execute(_RECORD.replace("?", mark), row)
        cursor.execute("COMMIT")
        return jsonify(held=[act["uuid"] for act in taken], refused=[])

    @app.get("/p/FORK-2022")
    def page() -> str:
        return "a" * 64 * 1024

    @app.get("/bytes/<int:size>")
    def of_size(size: int) -> bytes:
        return made[:size]

    @app.get("/sw.js")
    def ready() -> str:
        return ""

    return app


def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("busy_timeout = 15000", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _postgres(database: str) -> psycopg.Connection:
    return psycopg.connect(database.replace("+psycopg", ""))


def given_options() -> tuple[str, int, int, dict[str, Any]]:
    """Server, workers, threads as the command line has them, and the settings of gunicorn."""
    from compete.commands.serve import add_arguments, server_options

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    server, workers, threads, port = sys.argv[1:]
    words = ["--port", port, "--log-level", "warning", "--workers", workers, "--threads", threads]
    return server, int(workers), int(threads), server_options(parser.parse_args(words))


def main() -> None:
    """Serve until SIGTERM."""
    from tests.tablets.servers import serve_by

    server, workers, threads, options = given_options()
    serve_by(server, "floor", workers, threads, options)


if __name__ == "__main__":
    main()
