"""Who waits for SQLite's write lock gets it the moment it is free, also from the dead."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine

from compete.models import db
from compete.models.write_queue import place_in_write_queue

HOLD = """
import sys, time
from sqlalchemy import create_engine
from compete.models.write_queue import place_in_write_queue
with place_in_write_queue(create_engine(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_threads_take_turns(here: Flask) -> None:
    engine, inside, most = db.engine, [], []

    def work() -> None:
        for _ in range(50):
            with place_in_write_queue(engine):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(most) == 400
    assert set(most) == {1}


def test_a_killed_process_leaves_its_turn(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    got = threading.Event()

    def take() -> None:
        with place_in_write_queue(create_engine(url)):
            got.set()

    thread = threading.Thread(target=take)
    thread.start()
    assert not got.wait(0.3)
    holder.kill()
    assert got.wait(30)
    thread.join()
    holder.wait()


def test_where_there_is_no_file_there_is_no_turn_to_wait_for() -> None:
    engine = create_engine("sqlite://")
    with place_in_write_queue(engine), place_in_write_queue(engine):
        pass
