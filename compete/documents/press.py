"""Press: Typst in its own process, whose memory goes back to the system, and which can be ended.

A thousand score sheets take 1.6 GB, which a server's process would keep. Who prints long
papers says `set_by(beside(…))` around it; the process is a nice one, behind those who serve.
What it is given and gives goes through pipes, so that nothing of it lies on a disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

from compete.documents.fonts import fonts_in

if TYPE_CHECKING:
    import typst

PICTURE = "png"
_PICTURE_DOTS = 110
_WAIT = 0.25
_NICE = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """A document to set: sources by name (`main.typ` among them) and a standard of PDF.

    With `PICTURE` in its place the first page comes as a PNG.

    `fonts` are for this process, and lie in `folders`.
    """

    files: Mapping[str, bytes]
    fonts: typst.Fonts
    folders: Sequence[Path]
    standard: str | None


class SettingError(Exception):
    """Error: Typst refused; its own words."""


class PressBrokenError(Exception):
    """Error: the process ended without an answer."""


Press = Callable[[Setting], bytes]


def here(setting: Setting) -> bytes:
    """Set it in this process. Raises `SettingError`."""
    import typst

    try:
        # The binding takes a dict of files; its own types do not say so yet.
        compiler = typst.Compiler(cast(Any, dict(setting.files)), font_paths=setting.fonts)
        if setting.standard == PICTURE:
            pages = compiler.compile(format="png", ppi=_PICTURE_DOTS)
            return cast(bytes, pages[0] if isinstance(pages, list) else pages)
        standards = cast(Any, [setting.standard] if setting.standard else [])
        return cast(bytes, compiler.compile(format="pdf", pdf_standards=standards))
    except typst.TypstError as error:
        raise SettingError(error.message) from error


_PRESS: ContextVar[Press] = ContextVar("press", default=here)


def press() -> Press:
    """The press that sets documents here and now."""
    return _PRESS.get()


@contextmanager
def set_by(other: Press) -> Iterator[None]:
    """Have everything that is printed inside the block set by another."""
    token = _PRESS.set(other)
    try:
        yield
    finally:
        _PRESS.reset(token)


def beside(still: Callable[[], object]) -> Press:
    """Set it in a process of its own. `still` is called now and then; if it raises, that ends."""

    def run(setting: Setting) -> bytes:
        command = [sys.executable, "-m", __name__]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            answer: list[bytes] = []
            talk = Thread(target=lambda: answer.append(_talk(process, setting)), name="press")
            talk.start()
            try:
                while talk.is_alive():
                    talk.join(_WAIT)
                    still()
            except BaseException:
                process.kill()
                raise
            finally:
                talk.join()
        return _read(answer[0] if answer else b"")

    return run


def _talk(process: subprocess.Popen[bytes], setting: Setting) -> bytes:
    head = {
        "files": {name: len(content) for name, content in setting.files.items()},
        "folders": [str(folder) for folder in setting.folders],
        "standard": setting.standard,
    }
    try:
        asked = b"".join([json.dumps(head).encode(), b"\n", *setting.files.values()])
        return process.communicate(asked)[0]
    except (OSError, ValueError):
        return b""


def _read(answer: bytes) -> bytes:
    kind, _line, content = answer.partition(b"\n")
    if kind == b"pdf":
        return content
    if kind == b"refused":
        raise SettingError(content.decode())
    raise PressBrokenError


def main() -> None:
    """Read what is to be set, set it, and write the result."""
    os.nice(_NICE)
    head = json.loads(sys.stdin.buffer.readline())
    files = {name: sys.stdin.buffer.read(size) for name, size in head["files"].items()}
    folders = [Path(folder) for folder in head["folders"]]
    try:
        made = b"pdf\n" + here(Setting(files, fonts_in(folders), folders, head["standard"]))
    except SettingError as refusal:
        made = b"refused\n" + str(refusal).encode()
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
