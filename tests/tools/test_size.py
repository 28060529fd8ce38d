"""What counts as a line of code, and which names are counted as handed on or asked once."""

from pathlib import Path

from tools.size import measures, place, read, report

FILES = {
    "__init__.py": '"""A program."""\n',
    "domain/__init__.py": "",
    "domain/scoring/__init__.py": (
        '"""Scores."""\n\nfrom compete.domain.scoring.points import MOST, total\n\n'
        '__all__ = ["MOST", "total"]\n'
    ),
    "domain/scoring/points.py": (
        '"""Points."""\n\nMOST = 100\n"""A hundred."""\n\n\n'
        'def total(points: list[int]) -> int:\n    """All of them."""\n'
        "    # By hand.\n    return sum(\n        points\n    )\n"
    ),
    "web/organiser/directory/people.py": "from compete.domain.scoring import total\n",
    "web/organiser/views.py": "from compete.domain.scoring import (\n    MOST,\n    total,\n)\n",
}


def write(root: Path) -> Path:
    for name, text in FILES.items():
        file = root / "compete" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def test_comments_docstrings_and_blank_lines_are_no_code(tmp_path: Path) -> None:
    root = write(tmp_path)
    file = read(root / "compete/domain/scoring/points.py", root)
    assert sorted(file.code) == [3, 7, 10, 11, 12]
    assert file.imports == 0


def test_a_file_stands_in_its_layer_and_room(tmp_path: Path) -> None:
    root = write(tmp_path)
    places = {name: place(read(root / "compete" / name, root)) for name in FILES}
    assert places["domain/scoring/__init__.py"] == ("domain", "scoring")
    assert places["domain/scoring/points.py"] == ("domain", "scoring")
    assert places["web/organiser/directory/people.py"] == ("web", "directory")
    assert places["web/organiser/views.py"] == ("web", "organiser")
    assert places["__init__.py"] == ("others", "")


def test_names_are_counted_where_they_are_defined(tmp_path: Path) -> None:
    root = write(tmp_path)
    files = [read(root / "compete" / name, root) for name in FILES]
    figures = dict(measures(files, root))
    assert figures["code lines"] == "12 in 6 files"
    assert figures["import lines"] == "6 (50.0%)"
    assert figures["names that __init__ files hand on"] == "2"
    assert figures["of these asked by a single file"] == "1"
    assert figures["names that another file imports"] == "2"
    assert figures["of these by a single file"] == "1"


def test_the_table_has_a_row_for_every_room(tmp_path: Path) -> None:
    rows = [line.split() for line in report(write(tmp_path))]
    assert ["scoring", "7"] in rows
    assert ["directory", "1"] in rows
