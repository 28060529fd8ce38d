"""A second checker of draw files, written from the page on the draw and from nothing else.

It shares no code with the program and takes no care of speed, so that each
sentence of the page can be found again in it. `python plain_checker.py FILE`
prints what it found as JSON.
"""

import hashlib
import hmac
import json
import sys
import unicodedata

MAGIC = "compete-draw/1"


class Refused(Exception):  # noqa: N818
    """The file is no draw."""


def need(true, where):
    if not true:
        raise Refused(where)


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


# --- the file ---------------------------------------------------------------


def no_doubles(pairs):
    need(len(dict(pairs)) == len(pairs), "a key stands twice")
    return dict(pairs)


def refuse(text):
    raise Refused(f"{text} is no whole number")


def is_text(value):
    if not isinstance(value, str) or value == "":
        return False
    if any(0xD800 <= ord(c) <= 0xDFFF for c in value):
        return False
    return unicodedata.normalize("NFC", value) == value


def is_plain(value):
    """A text without control characters and line breaks."""
    return is_text(value) and all(
        unicodedata.category(c) != "Cc" and c not in "\u2028\u2029" for c in value
    )


def is_whole(value):
    return type(value) is int and abs(value) < 2**53


def is_hex(digits):
    return lambda v: isinstance(v, str) and len(v) == digits and set(v) <= set("0123456789abcdef")


def is_key(value):
    return is_hex(32)(value)


def is_list_of(shape, least=0):
    return lambda v: (
        isinstance(v, list) and len(v) >= least and all(fits(item, shape) for item in v)
    )


def fits(value, shape):
    """Whether an object has the keys of a shape; those with a ? may be left out."""
    need(isinstance(value, dict), f"{value!r} is no object")
    known = {name.rstrip("?"): (name, test) for name, test in shape.items()}
    for key in value:
        need(key in known, f"unknown key {key!r}")
    for key, (name, test) in known.items():
        if key in value:
            need(test(value[key]), f"{key}: {value[key]!r}"[:200])
        else:
            need(name.endswith("?"), f"{key} is missing")
    return True


PARTY = {
    "name": is_plain,
    "seal": is_hex(64),
    "share": lambda v: v is None or is_text(v),
    "key": lambda v: v is None or is_key(v),
}
DRAW = {
    "event": is_text,
    "stage": is_text,
    "module": is_text,
    "layer": is_text,
    "list": is_list_of({"code": is_text, "unit?": is_text}, 1),
    "places": is_list_of(
        {"code": is_text, "line?": is_text, "order?": is_whole, "session?": is_text}
    ),
    "rule?": lambda v: fits(
        v,
        {
            "apart?": lambda a: isinstance(a, bool),
            "per_session?": lambda n: is_whole(n) and n >= 1,
        },
    ),
    "result": is_list_of(
        {"place": is_text, "code": is_text, "moved": lambda m: isinstance(m, bool)}
    ),
    "unmet": lambda v: isinstance(v, list) and all(map(is_text, v)),
    "tries": is_whole,
}
FILE = {
    "format": lambda v: v == MAGIC,
    "ceremony": is_plain,
    "number": lambda v: is_whole(v) and v >= 1,
    "before?": lambda v: fits(v, {"head": is_hex(64), "reason": is_text, "by": is_text}),
    "draws": is_list_of(DRAW, 1),
    "parties": is_list_of(PARTY, 2),
    "spare": lambda v: fits(v, PARTY),
}


def read(data):
    """The file's value, or Refused."""
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=no_doubles,
            parse_float=refuse,
            parse_constant=refuse,
        )
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from None
    fits(value, FILE)
    need((value["number"] > 1) == ("before" in value), "before")
    for draw in value["draws"]:
        codes = [person["code"] for person in draw["list"]]
        need(codes == sorted(set(codes)), "the order of the list")
        places = [place["code"] for place in draw["places"]]
        need(len(set(places)) == len(places) >= len(codes), "places")
        need(all("order" in p for p in draw["places"] if "line" in p), "line without order")
    sealed = [*value["parties"], value["spare"]]
    need(len({party["name"] for party in sealed}) == len(sealed), "a name stands twice")
    need(
        all((party["share"] is None) == (party["key"] is None) for party in sealed),
        "half an opening",
    )
    return value


# --- hashes -----------------------------------------------------------------


SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def canonical(value):
    """RFC 8785, for what may stand in the file."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        escaped = (SHORT.get(ord(c)) or (f"\\u{ord(c):04x}" if ord(c) < 32 else c) for c in value)
        return '"' + "".join(escaped) + '"'
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def without(value, *keys):
    return {key: item for key, item in value.items() if key not in keys}


def seal_of(file, party):
    return sha(
        f"{MAGIC} seal\n{file['ceremony']}\n{file['number']}\n"
        f"{party['name']}\n{party['key']}\n{party['share']}"
    )


def head_of(file):
    bare = dict(file)
    bare["draws"] = [without(draw, "result", "unmet", "tries") for draw in file["draws"]]
    bare["parties"] = [without(party, "share", "key") for party in file["parties"]]
    bare["spare"] = without(file["spare"], "share", "key")
    return sha(canonical(bare))


def openings_of(file):
    text = f"{MAGIC} openings\n{head_of(file)}"
    for party in file["parties"]:
        opened = "-" if party["share"] is None else f"{party['key']}\n{party['share']}"
        text += f"\n{party['name']}\n{opened}"
    return sha(text)


def seed_of(file):
    spare = file["spare"]
    text = f"{MAGIC} seed\n{openings_of(file)}\n{spare['key']}\n{spare['share']}"
    return hashlib.sha256(text.encode()).digest()


# --- the order --------------------------------------------------------------


def stream(seed, number, layer):
    i = 0
    while True:
        yield from hmac.new(seed, f"{MAGIC} {number} {layer} {i}".encode(), "sha256").digest()
        i += 1


def below(numbers, n):
    while True:
        x = 0
        for _ in range(8):
            x = x * 256 + next(numbers)
        if x < n * (2**64 // n):
            return x % n


def shuffled(people, numbers):
    people = list(people)
    for i in range(len(people) - 1, 0, -1):
        j = below(numbers, i + 1)
        people[i], people[j] = people[j], people[i]
    return people


def can_stand(person, k, people, draw):
    """Whether somebody fits at k, against those at the places before it."""
    rule, places = draw.get("rule", {}), draw["places"]
    unit, here, same = person.get("unit"), places[k], 0
    if unit is None:
        return True
    for before in range(k):
        if people[before].get("unit") != unit:
            continue
        there = places[before]
        if "session" in here and here["session"] == there.get("session"):
            same += 1
        beside = (
            "line" in here
            and here["line"] == there.get("line")
            and abs(here["order"] - there["order"]) == 1
        )
        if beside and rule.get("apart"):
            return False
    return same < rule.get("per_session", 2**60)


def separated(people, draw):
    people, moved, unmet = list(people), set(), []
    for k in range(len(people)):
        if can_stand(people[k], k, people, draw):
            continue
        for other in range(k + 1, len(people)):
            if can_stand(people[other], k, people, draw):
                moved |= {people[k]["code"], people[other]["code"]}
                people[k], people[other] = people[other], people[k]
                break
        else:
            unmet.append(draw["places"][k]["code"])
    return people, moved, unmet


def drawn(seed, number, draw):
    """What `result`, `unmet` and `tries` have to be."""
    numbers, tries = stream(seed, number, draw["layer"]), []
    while len(tries) < 100 and (not tries or tries[-1][2]):
        tries.append(separated(shuffled(draw["list"], numbers), draw))
    people, moved, unmet = min(tries, key=lambda outcome: len(outcome[2]))
    rows = [
        {"place": place["code"], "code": person["code"], "moved": person["code"] in moved}
        for place, person in zip(draw["places"], people, strict=False)
    ]
    return {"result": rows, "unmet": unmet, "tries": len(tries)}


# --- checking ---------------------------------------------------------------


def check(data):
    """What is found: `status` as the command's exit status, and what comes with it."""
    try:
        file = read(data)
    except Refused as error:
        return {"status": 2, "what": str(error)}
    answer = {"head": head_of(file), "openings": openings_of(file), "seed": None, "status": 1}
    if file["spare"]["share"] is not None:
        answer["seed"] = seed_of(file).hex()
    named = [(f"parties[{i}]", party) for i, party in enumerate(file["parties"])]
    for name, party in [*named, ("spare", file["spare"])]:
        if party["share"] is not None and seal_of(file, party) != party["seal"]:
            return answer | {"what": f"{name}.seal"}
    if file["spare"]["share"] is None or all(party["share"] is None for party in file["parties"]):
        return answer | {"what": "void"}
    for number, draw in enumerate(file["draws"]):
        wanted = drawn(seed_of(file), number, draw)
        for key in ("result", "unmet", "tries"):
            if draw[key] != wanted[key]:
                return answer | {"what": f"draws[{number}].{key}"}
    return answer | {"status": 0, "what": ""}


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as opened:
        print(json.dumps(check(opened.read())))
