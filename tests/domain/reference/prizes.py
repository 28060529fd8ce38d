"""Awards and grade rules."""

from fractions import Fraction

from tests.domain.reference.crews import people_of
from tests.domain.reference.numbers import number, rounded


def passes(event, code, wanted):
    """Whether `pass_modules` is met, as the file's version reads it."""
    if event.bundle["format"] == "compete-bundle/2":
        return passes_second(event, code, wanted)
    return passes_first(event, code, wanted if isinstance(wanted, list) else None)


def passes_second(event, code, wanted):
    """`taken` asks about stages with a row; all else about every stage."""
    for state in event.stages:
        rows = [*state.stage["modules"], *state.stage.get("parts", [])]
        for row in rows:
            if row.get("pass") is None:
                continue
            if isinstance(wanted, list) and row["code"] not in wanted:
                continue
            if code not in state.entrants:
                if wanted == "taken":
                    continue
                return False
            is_part = row not in state.stage["modules"]
            score = (state.parts if is_part else state.scores)[code, row["code"]]
            if score is None or score < number(row["pass"]):
                return False
    return True


def passes_first(event, code, wanted):
    """All pass marks met in every stage taken part in; `wanted` names some, which must be met."""
    met, seen = True, set()
    for state in event.stages:
        if code not in state.entrants:
            continue
        for kind, scores in (("parts", state.parts), ("modules", state.scores)):
            for row in state.stage.get(kind, []):
                if row.get("pass") is None:
                    continue
                if wanted is not None and row["code"] not in wanted:
                    continue
                seen.add(row["code"])
                score = scores[code, row["code"]]
                if score is None or score < number(row["pass"]):
                    met = False
    return met and (wanted is None or set(wanted) <= seen)


def deal(awards, ranking, fits, points, stages=None):
    """One chain: `ranking` is code → rank; yields (award code, entrant) dealt from the top."""
    in_order = sorted(ranking, key=lambda code: (ranking[code], code))
    got, owed = {}, 0
    for award in awards:
        many = award["top"] if award.get("top") is not None else count_of(award, len(ranking))
        used = min(owed, many)
        owed -= used
        left = many - used
        given, last = 0, None
        for code in in_order:
            if code in got or not fits(award, code):
                continue
            if given >= left:
                if left == 0:
                    break
                joins = ranking[code] == ranking[last]
                if award.get("within") is not None and (
                    stages is None or stages[code] is stages[last]
                ):
                    joins = joins or points[last] - points[code] <= number(award["within"])
                if not joins:
                    continue
            else:
                last = code
            got[code] = award["code"]
            given += 1
        owed += max(given - left, 0)
    return got


def count_of(award, ranked):
    """A ratio's number."""
    exact = number(award["ratio"]) * ranked
    rounding = award.get("round", "half_up")
    if rounding == "floor":
        whole = exact.numerator // exact.denominator
    elif rounding == "ceil":
        whole = -(-exact.numerator // exact.denominator)
    else:
        whole = int(rounded(exact, 0))
    return max(whole, award.get("at_least", 0))


def awards_of(event):
    """All awards in the published order."""
    listed = event.event["awards"]
    rows = []

    def chain(scope, ranking, totals, passed, key, more):
        awards = [a for a in listed if a.get("scope", "entrants") == scope]
        if not awards:
            return {}

        def fits(award, code):
            least = award.get("min_total")
            if least is not None and totals[code] < number(least):
                return False
            if award.get("min_scaled") is not None and (
                code not in event.scaled or event.scaled[code] < number(award["min_scaled"])
            ):
                return False
            return not award.get("pass_modules") or passed(code, award["pass_modules"])

        stages = {c: event.places[c][3] for c in ranking} if scope == "entrants" else None
        points = totals
        if scope == "entrants" and event.scaled is not None:
            # Who has none is infinitely far from everybody.
            points = {c: event.scaled.get(c, -(10**40)) for c in ranking}
            stages = {c: stages[c] if c in event.scaled else c for c in ranking}
        got = deal(awards, ranking, fits, points, stages)
        for award in awards:
            for code in sorted(ranking, key=lambda c: (ranking[c], c)):
                if got.get(code) == award["code"]:
                    rows.append({"award": award["code"], **more, key: code})
        return got

    event.own_awards = chain(
        "entrants",
        {c: event.places[c][0] for c in event.ranked()},
        {c: event.places[c][2] for c in event.ranked()},
        lambda c, wanted: passes(event, c, wanted),
        "entrant",
        {},
    )
    if event.event.get("team_ranking"):
        teams = event.teams()
        chain(
            "teams",
            {t: row[0] for t, row in teams.items() if row[0] is not None},
            {t: row[1] for t, row in teams.items()},
            lambda t, wanted: all(passes(event, c, wanted) for c in teams[t][2]),
            "team",
            {},
        )
    for item in event.event.get("items", []):
        row_of = event.item_ranks(item)
        chain(
            "items",
            {c: row[0] for c, row in row_of.items()},
            {c: row[1] for c, row in row_of.items()},
            lambda c, wanted: True,
            "entrant",
            {"item": item["code"]},
        )
    return rows


def grades_of(event):
    """Grade rows without reasons, and honours."""
    if not hasattr(event, "own_awards"):
        event.own_awards = {}
    grades, honours = [], []
    for code in event.ranked():
        for person in people_of(event.people[code]):
            whose = {"entrant": code}
            if person["member"] is not None:
                whose["member"] = person["member"]
            grade, titles = decision(event, code, person)
            honours += [{**whose, "title": title, "rule": rule} for title, rule in titles]
            if grade is not None:
                grades.append({**whose, **grade})
    return grades, honours


def decision(event, code, person):
    """One person's grade row, if any, and titles with the rule that gave each."""
    holding = [r for r in event.event["grades"] if holds(event, code, person, r.get("when") or {})]
    titles = []
    for rule in holding:
        for title in rule["grant"].get("titles") or []:
            if title not in [known for known, _ in titles]:
                titles.append((title, rule["code"]))
    present = person.get("grade")
    best = None
    for rule in holding:
        grade = granted(rule["grant"], present)
        if grade is not None and (best is None or grade < best[0]):
            best = (grade, rule["code"])
    if best is None:
        return None, titles
    up = best[0] < (6 if present is None else present)
    return {
        "grade": best[0] if up else present,
        "rule": best[1],
        "change": "promoted" if up else "kept",
    }, titles


def granted(grant, present):
    """The grade a grant gives, or None for titles alone."""
    present = 6 if present is None else present
    if grant.get("to") is not None:
        grade = grant["to"]
    elif grant.get("up") is not None:
        grade = present - grant["up"]
        if grant.get("floor") is not None:
            grade = min(grade, grant["floor"])
        grade = max(grade, grant.get("ceiling") or 1)
    else:
        return None
    if grant.get("max_step") is not None:
        grade = max(grade, present - grant["max_step"])
    return grade


def holds(event, code, person, when):
    """Whether every given condition holds for one of an entrant's people."""
    entrant = event.people[code]
    rank, _status, total, _stage = event.places[code]
    competition = event.bundle["competition"]
    ranked = len(event.ranked())
    present = person.get("grade")
    checks = [person["role"] in (when.get("roles") or ["main"])]
    if when.get("levels"):
        checks.append(competition["level"] in when["levels"])
    if when.get("groups"):
        checks.append((person.get("group") or "worker") in when["groups"])
    if when.get("max_rank") is not None:
        checks.append(rank <= when["max_rank"])
    if when.get("awards"):
        checks.append(event.own_awards.get(code) in when["awards"])
    if when.get("item") is not None:
        place = when["item"]
        places = [
            event.item_ranks(i)[code][0]
            for i in event.event.get("items", [])
            if place["code"] in ("any", i["code"]) and code in event.item_ranks(i)
        ]
        checks.append(bool(places) and min(places) <= place["max_rank"])
    if when.get("top_percent") is not None:
        checks.append(Fraction(100 * rank, ranked) <= number(when["top_percent"]))
    if when.get("min_total") is not None:
        checks.append(total >= number(when["min_total"]))
    if when.get("pass_modules") is not None:
        checks.append(passes(event, code, when["pass_modules"]))
    if when.get("once_a_year"):
        promoted = person.get("promoted")
        checks.append(promoted is None or promoted != competition.get("year"))
    if when.get("under"):
        checks.append(stands_under(event, entrant["unit"], when["under"]))
    if when.get("holds") is not None:
        least, most = when["holds"].get("at_least"), when["holds"].get("at_most")
        checks.append(least is None or (present is not None and present <= least))
        checks.append(most is None or present is None or present >= most)
    if when.get("min_ranked") is not None:
        checks.append(ranked >= when["min_ranked"])
    return all(checks)


def stands_under(event, unit, wanted):
    """The unit or one above it is among the wanted."""
    parents = {u["code"]: u.get("parent") for u in event.bundle["units"]}
    while unit is not None:
        if unit in wanted:
            return True
        unit = parents[unit]
    return False
