"""Reading of a draw file: from its bytes to its values, or to all that is wrong with them."""

from __future__ import annotations

from typing import Any

from compete.domain.bundle.problems import BundleError, Problems
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK, file_text
from compete.domain.bundle.reader.json_tree import json_tree
from compete.domain.bundle.reader.words import clipped
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.types import (
    FORMAT,
    KEY_BYTES,
    SEAL_DIGITS,
    Before,
    Draw,
    DrawFile,
    Party,
    Person,
    Place,
    Placed,
    Rule,
)
from compete.domain.ceremonies.values import Keys, Values
from compete.domain.values.messages import msg

_FILE = Keys("format ceremony number before? draws parties spare")
_BEFORE = Keys("head reason by")
_DRAW = Keys("event stage module layer list places rule? result unmet tries")
_PERSON = Keys("code unit?")
_PLACE = Keys("code line? order? session?")
_RULE = Keys("apart? per_session?")
_PLACED = Keys("place code moved")
_PARTY = Keys("name seal share key")

LEAST_PARTIES = 2


def shaped(tree: Any, problems: Problems) -> DrawFile | None:
    """Shape the file's values; they are good for nothing if a problem was noted."""
    return _Shaper(problems).file(tree)


class _Shaper(Values):
    def file(self, tree: Any) -> DrawFile | None:
        value = self.object(tree, "", _FILE)
        if value is None:
            return None
        if value.get("format", FORMAT) != FORMAT:
            self.wrong("format", value["format"], msg("“%(option)s”", option=FORMAT))
        ceremony = self.text(value, "ceremony", "", plain=True)
        number = self.whole(value, "number", "", least=1)
        before = self.before(value, number)
        draws = [self.draw(draw, path) for path, draw in self.rows(value, "draws", "", least=1)]
        seen: dict[str, str] = {}
        parties = [
            self.party(party, path, seen)
            for path, party in self.rows(value, "parties", "", least=LEAST_PARTIES)
        ]
        spare: Any = self.party(value["spare"], "spare", seen) if "spare" in value else None
        return DrawFile(
            format=FORMAT,
            ceremony=ceremony,
            number=number,
            before=before,
            draws=tuple(filter(None, draws)),
            parties=tuple(filter(None, parties)),
            spare=spare,
        )

    def before(self, owner: dict[str, Any], number: int | None) -> Before | None:
        """Read what the second and every later ceremony says of the one before it."""
        if "before" not in owner:
            if number is not None and number > 1:
                self.problems.add("before", msg("少了“before”：number 大于 1 时要写"))
            return None
        if number == 1:
            self.problems.add("before", msg("number 是 1 时不能写“before”"))
        value = self.object(owner["before"], "before", _BEFORE)
        if value is None:
            return None
        return Before(
            head=self.hex(value, "head", "before", SEAL_DIGITS),
            reason=self.text(value, "reason", "before"),
            by=self.text(value, "by", "before"),
        )

    def draw(self, row: Any, path: str) -> Draw | None:
        value = self.object(row, path, _DRAW)
        if value is None:
            return None
        people = [self.person(person, at) for at, person in self.rows(value, "list", path, least=1)]
        self.in_order(people, f"{path}.list")
        places = [self.place(place, at) for at, place in self.rows(value, "places", path)]
        self.unlike(places, f"{path}.places")
        if isinstance(value.get("places"), list) and len(places) < len(people):
            sentence = msg(
                "有 %(people)s 个参赛号，只有 %(places)s 个位置",
                people=len(people),
                places=len(places),
            )
            self.problems.add(f"{path}.places", sentence)
        result = [self.placed(placed, at) for at, placed in self.rows(value, "result", path)]
        return Draw(
            event=self.text(value, "event", path),
            stage=self.text(value, "stage", path),
            module=self.text(value, "module", path),
            layer=self.text(value, "layer", path),
            people=tuple(filter(None, people)),
            places=tuple(filter(None, places)),
            rule=self.rule(value["rule"], f"{path}.rule") if "rule" in value else None,
            result=tuple(filter(None, result)),
            unmet=tuple(self.text_at(code, at) for at, code in self.rows(value, "unmet", path)),
            tries=self.whole(value, "tries", path),
        )

    def person(self, row: Any, path: str) -> Person | None:
        value = self.object(row, path, _PERSON)
        if value is None:
            return None
        return Person(code=self.text(value, "code", path), unit=self.text(value, "unit", path))

    def in_order(self, people: list[Person | None], path: str) -> None:
        """Note a list that is not in code point order, or has a code twice."""
        self.unlike(people, path)
        last: str | None = None
        for number, person in enumerate(people):
            if person is None or person.code is None:
                continue
            if last is not None and person.code < last:
                sentence = msg(
                    "“%(code)s”要排在“%(last)s”前面，编号按码位排",
                    code=clipped(person.code),
                    last=clipped(last),
                )
                self.problems.add(f"{path}[{number}].code", sentence)
            last = person.code

    def unlike(self, rows: list[Any], path: str) -> None:
        """Note a code that stands in a list twice."""
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if row is None or row.code is None:
                continue
            if row.code in seen:
                sentence = msg("“%(key)s”写了不止一次", key=clipped(row.code))
                self.problems.add(f"{path}[{number}].code", sentence)
            seen.add(row.code)

    def place(self, row: Any, path: str) -> Place | None:
        value = self.object(row, path, _PLACE)
        if value is None:
            return None
        if "line" in value and "order" not in value:
            self.problems.add(f"{path}.order", msg("写了“line”就要写“order”"))
        return Place(
            code=self.text(value, "code", path),
            line=self.text(value, "line", path),
            order=self.whole(value, "order", path),
            session=self.text(value, "session", path),
        )

    def rule(self, row: Any, path: str) -> Rule | None:
        value = self.object(row, path, _RULE)
        if value is None:
            return None
        return Rule(
            apart=self.truth(value, "apart", path),
            per_session=self.whole(value, "per_session", path, least=1),
        )

    def placed(self, row: Any, path: str) -> Placed | None:
        value = self.object(row, path, _PLACED)
        if value is None:
            return None
        return Placed(
            place=self.text(value, "place", path),
            code=self.text(value, "code", path),
            moved=self.truth(value, "moved", path),
        )

    def party(self, row: Any, path: str, seen: dict[str, str]) -> Party | None:
        """Read a party or the spare; `seen` has the names that stood before, with their places."""
        value = self.object(row, path, _PARTY)
        if value is None:
            return None
        name = self.text(value, "name", path, plain=True)
        if name in seen:
            sentence = msg("“%(name)s”和 %(where)s 重名", name=clipped(name), where=seen[name])
            self.problems.add(f"{path}.name", sentence)
        elif name is not None:
            seen[name] = f"{path}.name"
        share, key = value.get("share", ""), value.get("key", "")
        opened = share is not None and key is not None
        if not opened and not (share is None and key is None):
            missing = "share" if share is None else "key"
            self.problems.add(f"{path}.{missing}", msg("share 和 key 要么都是 null，要么都不是"))
        return Party(
            name=name,
            seal=self.hex(value, "seal", path, SEAL_DIGITS),
            share=self.text(value, "share", path) if share is not None else None,
            key=self.hex(value, "key", path, 2 * KEY_BYTES) if key is not None else None,
        )


def read_draw_file(data: bytes) -> DrawFile:
    """Read a ceremony from the bytes of a file, checked against the whole format.

    Whether seals and results are right is not looked at here. Raises
    `DrawFileError` with every problem found, up to a hundred, each with its
    place in the file; nothing else, whatever the bytes are.
    """
    problems = Problems()
    try:
        text = file_text(data.removeprefix(BYTE_ORDER_MARK), problems)
        tree = json_tree(text, problems, whole_only=True)
        file = shaped(tree, problems)
        problems.refuse()
    except BundleError as error:
        raise DrawFileError(error.problems) from None
    assert file is not None
    return file
