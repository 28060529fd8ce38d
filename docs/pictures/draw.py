"""Draw the pictures of docs/rules.md from the worked cases, or check that they are as drawn.

python docs/pictures/draw.py            writes the SVG files
python docs/pictures/draw.py --check    exit status 1 if one is not what it would draw
"""

from __future__ import annotations

import sys
from pathlib import Path

from drawing import awards, grades, labour, sheets, ties, trimming

HERE = Path(__file__).parent
PICTURES = {
    "sheets.svg": sheets.draw,
    "trimming.svg": trimming.draw,
    "ties.svg": ties.draw,
    "awards.svg": awards.draw,
    "grades.svg": grades.draw,
    "labour.svg": labour.draw,
}


def main(words: list[str]) -> int:
    """Write every picture, or compare it."""
    wrong = []
    for name, draw in PICTURES.items():
        path, picture = HERE / name, draw()
        if path.is_file() and path.read_text("utf-8") == picture:
            continue
        if "--check" in words:
            wrong.append(name)
        else:
            path.write_text(picture, "utf-8")
            print(name)
    for name in wrong:
        print(f"not as drawn: {name}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
