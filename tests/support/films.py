"""Films for tests: MP4 boxes without a picture that plays, and how a browser makes a real one."""

from __future__ import annotations

import base64
import struct

from playwright.sync_api import Page

PLACE = b"+31.2304+121.4737/"
"""The place where it was taken, as a phone writes it."""


def box(kind: bytes, inside: bytes = b"") -> bytes:
    """Make one box."""
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def track(sort: bytes) -> bytes:
    """Make a track that holds this sort."""
    handler = box(b"hdlr", bytes(8) + sort + bytes(13))
    return box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", handler + box(b"minf")))


def film(
    seconds: int = 78, *, brand: bytes = b"isom", sorts: tuple[bytes, ...] = (b"vide",)
) -> bytes:
    """Make a phone's film of this length that writes where it was, beside the track and in it."""
    head = box(b"mvhd", bytes(12) + struct.pack(">II", 600, seconds * 600) + bytes(80))
    metadata = box(b"udta", box(b"\xa9xyz", PLACE)) + box(b"meta", b"ISO6709" + PLACE)
    tracks = b"".join(track(sort) for sort in sorts)
    return (
        box(b"ftyp", brand + bytes(4) + brand)
        + box(b"moov", head + tracks + metadata)
        + box(b"uuid", bytes(16) + PLACE)
        + box(b"mdat", b"pictures")
    )


def table(kind: bytes, *numbers: int, form: str = "I") -> bytes:
    """Make a table of a track."""
    return box(kind, bytes(4) + struct.pack(f">{len(numbers)}{form}", *numbers))


def telling(samples: list[bytes], *, own: bool = True, offset: str = "I") -> bytes:
    """Make a film with a track about places, its samples between those of the picture."""
    picture = [b"picture %d" % n for n in range(len(samples))]
    parts = [part for pair in zip(picture, samples, strict=True) for part in pair]
    head = box(b"ftyp", b"qt  ")

    def tables(at: int, mine: list[bytes], first: int) -> bytes:
        places = [at + 8 + sum(map(len, parts[: 2 * n + first])) for n in range(len(mine))]
        kind = b"stco" if offset == "I" else b"co64"
        count = struct.pack(">I", len(places))
        return box(
            b"stbl",
            table(b"stsc", 1, 1, 1, 1)
            + table(b"stsz", 0, len(mine), *map(len, mine))
            + box(kind, bytes(4) + count + struct.pack(f">{len(places)}{offset}", *places)),
        )

    def described(at: int) -> bytes:
        def numbered(number: int, sort: bytes, tables: bytes) -> bytes:
            handler = box(b"hdlr", bytes(8) + sort + bytes(13))
            track_head = box(b"tkhd", bytes(12) + struct.pack(">I", number) + bytes(68))
            return box(b"trak", track_head + box(b"mdia", handler + box(b"minf", tables)))

        theirs = tables(at, samples, 1) if own else b""
        return box(
            b"moov", numbered(1, b"vide", tables(at, picture, 0)) + numbered(2, b"meta", theirs)
        )

    at = len(head) + len(described(0))
    return head + described(at) + box(b"mdat", b"".join(parts))


_RECORD = """async (seconds) => {
  const canvas = document.createElement("canvas");
  canvas.width = 320; canvas.height = 180;
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/mp4" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const done = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  const begun = performance.now();
  await new Promise((resolve) => {
    const draw = () => {
      const at = (performance.now() - begun) / 1000;
      pen.fillStyle = `hsl(${at * 90} 60% 40%)`;
      pen.fillRect(0, 0, 320, 180);
      pen.fillStyle = "white";
      pen.font = "60px sans-serif";
      pen.fillText(at.toFixed(1), 90, 110);
      if (at < seconds) setTimeout(draw, 40); else resolve();
    };
    draw();
  });
  recorder.stop();
  await done;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}"""


def recorded(page: Page, seconds: float = 3) -> bytes:
    """Record a film that plays, made by the browser of the page."""
    return base64.b64decode(page.evaluate(_RECORD, seconds))
