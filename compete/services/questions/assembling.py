"""Papers put together and checked in a process of its own, which can be ended.

What it is given and gives goes through pipes: no question lies on a disk. Its memory goes back to
the system, and what the solver now and then prints goes nowhere.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from compete.domain.bundle.problems import Problem
from compete.domain.exam.bank import read_bank
from compete.domain.exam.basis import Basis
from compete.domain.exam.files import file_sha256
from compete.domain.exam.paper import paper_differences, read_paper, write_paper
from compete.domain.exam.table import read_table
from compete.domain.values.messages import msg
from compete.services.jobs.packed_sentences import packed, unpacked
from compete.services.kernel.refusal import Refused

SECONDS = 30.0
"""How long the whole may take."""
_SOLVER_SECONDS = 6.0
"""How long the solver may take for each of its questions, of which there are three or four."""
_LOOKS_EVERY = 0.5
_NICE = 10
_turn = Lock()


def assembled_paper(
    bank: bytes, table: bytes, seed: int, still: Callable[[], object] = lambda: None
) -> bytes:
    """The file of a paper. Raises `Refused` where it takes too long, or another is being made.

    `still` is called now and then; if it raises, the process is ended.
    """
    asked = {"act": "assemble", "seed": seed}
    return _asked(asked, still, {"bank": bank, "table": table}, patient=True)


def differences_of_paper(paper: bytes, bank: bytes, table: bytes, sha256: str) -> list[Problem]:
    """What does not hold in a paper of that bank, which had this hash when it was made of it.

    Raises `Refused` as `assembled_paper` does.
    """
    asked, files = {"act": "check", "sha256": sha256}, {"bank": bank, "table": table}
    answer = _asked(asked, lambda: None, {**files, "paper": paper})
    rows: list[tuple[str, dict[str, Any]]] = json.loads(answer)
    return [Problem(path, words) for path, kept in rows if (words := unpacked(kept)) is not None]


def _asked(
    what: Mapping[str, Any],
    still: Callable[[], object],
    files: Mapping[str, bytes],
    *,
    patient: bool = False,
) -> bytes:
    """What the process answers to this; who is patient waits for the turn."""
    if not _turn.acquire(timeout=SECONDS if patient else 0):
        raise Refused(msg("别人正在组卷或者查卷，等一会儿再试"))
    try:
        head = {**what, "files": {name: len(content) for name, content in files.items()}}
        return _answer(b"".join([json.dumps(head).encode(), b"\n", *files.values()]), still)
    except subprocess.TimeoutExpired:
        words = msg("%(n)s 秒里没有算完，什么都没有写：行少一些再试", n=int(SECONDS))
        raise Refused(words) from None
    except (OSError, subprocess.CalledProcessError):
        raise Refused(msg("组卷的程序中断了，什么都没有写，再试一次")) from None
    finally:
        _turn.release()


def _answer(asked: bytes, still: Callable[[], object]) -> bytes:
    command = [sys.executable, "-m", __name__]
    # A trace could name a question, and the server's log is for other eyes.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        until, given = time.monotonic() + SECONDS, asked
        try:
            while True:
                still()
                left = until - time.monotonic()
                try:
                    answer, _nothing = process.communicate(given, min(_LOOKS_EVERY, max(left, 0)))
                    break
                except subprocess.TimeoutExpired:
                    # It is given once; the next wait goes on with that.
                    given = b""
                    if left <= _LOOKS_EVERY:
                        raise
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return answer


def main() -> None:
    """Read what is asked, do it, and write the answer."""
    gc.disable()
    os.nice(_NICE)
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    head = json.loads(sys.stdin.buffer.readline())
    files = {name: sys.stdin.buffer.read(size) for name, size in head["files"].items()}
    with answer:
        answer.write(
            _assembled(head, files) if head["act"] == "assemble" else _checked(head, files)
        )


def _basis(files: Mapping[str, bytes], sha256: str) -> Basis:
    table = files["table"]
    return Basis(read_bank(files["bank"]), read_table(table), sha256, file_sha256(table))


def _assembled(head: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    from compete.domain.exam.assembly import assemble
    from compete.domain.exam.selection_model import solver_name

    basis = _basis(files, file_sha256(files["bank"]))
    made = assemble(basis, seed=head["seed"], seconds=_SOLVER_SECONDS)
    return write_paper(
        basis,
        made.forms,
        seed=head["seed"],
        solver=solver_name(),
        met=made.met,
        proven=made.proven,
        fewer=made.fewer,
        nearer=made.nearer,
    )


def _checked(head: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    basis = _basis(files, head["sha256"])
    problems = paper_differences(read_paper(files["paper"]), basis, _SOLVER_SECONDS)
    return json.dumps([(problem.path, packed(problem.message)) for problem in problems]).encode()


if __name__ == "__main__":
    main()
