"""The tablet's arithmetic comes out as exact fractions do, for every kind of aspect."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random
from typing import Any

from playwright.sync_api import Page

from tests.browser.tablet.paper import aspect
from tests.support.aspect_types import TYPES, hundredths, worth

Case = tuple[dict[str, Any], str | bool]

FORMS = [
    (kind, form.wide) for kind, forms in TYPES.items() for form in forms if form.wide is not None
]


SHEETS = 600


def case(rng: Random) -> Case:
    """Any aspect whose marks a tablet can tell, and a value that it takes."""
    kind, wide = rng.choice(FORMS)
    factor = rng.choice(["1", "2", "0.5", "1.25", "0.333"])
    keys, value = wide(rng)
    return aspect("a", "a", kind, hundredths(rng), factor=factor) | keys, value


def half_up(number: Fraction) -> str:
    """Two places, half away from zero, as the decimal module does it."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    # A quotient that does not end is never a tie, so the cut at 28 digits is safe.
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


SCRIPT = """async ([origin, sheets]) => {
  const marking = await import(`${origin}/static/js/judge/marking.js`);
  const exact = await import(`${origin}/static/js/shared/exact.js`);
  return sheets.map((cases) => ({
    total: marking.totalText(
      cases.map(([aspect], index) => ({...aspect, code: `a${index}`})),
      Object.fromEntries(cases.map(([, value], index) => [`a${index}`, value]))),
    each: cases.map(([aspect, value]) => {
      const {n, d} = marking.marks(aspect, value);
      return [String(n), String(d)];
    }),
    refused: cases.map(([aspect, value]) => marking.refusal(aspect, value)),
  }));
}"""


def test_marks_and_totals_are_those_of_exact_fractions(lab: Page) -> None:
    # Drawn anew each time; a sheet that differs is told whole.
    rng = Random()
    sheets = [[case(rng) for _ in range(rng.randint(1, 8))] for _ in range(SHEETS)]
    answers = lab.evaluate(SCRIPT, [lab.evaluate("location.origin"), sheets])
    for sheet, answer in zip(sheets, answers, strict=True):
        wanted = [worth(*case) for case in sheet]
        assert [Fraction(int(n), int(d)) for n, d in answer["each"]] == wanted, sheet
        total = sum(m * Fraction(a["factor"]) for m, (a, _) in zip(wanted, sheet, strict=True))
        assert answer["total"] == half_up(total), sheet
        assert answer["refused"] == [None] * len(sheet), sheet


def test_a_sheet_whose_marks_come_from_comparing_alone_says_no_total(lab: Page) -> None:
    """The physical test of a sample once stood at 0.00 with everything entered."""
    run, lift = aspect("a0", "a0", "relative", "50"), aspect("a1", "a1", "relative", "50")
    score = aspect("a1", "a1", "score", "20", step="0.5")
    totals = lab.evaluate(
        """async ([origin, sheets]) => {
          const { totalText } = await import(`${origin}/static/js/judge/marking.js`);
          return sheets.map((aspects) => totalText(aspects, { a0: "45.6", a1: "15" }));
        }""",
        [lab.evaluate("location.origin"), [[run, lift], [run, score]]],
    )
    assert totals == ["—", "15.00"]


ROUNDING = """async ([origin, numbers]) => {
  const exact = await import(`${origin}/static/js/shared/exact.js`);
  return numbers.map(([text, places]) => [
    exact.fixed(exact.exact(text), places), exact.brief(exact.exact(text), places),
    exact.tidy(text)]);
}"""


def test_numbers_are_rounded_half_up_away_from_zero_and_tidied(lab: Page) -> None:
    numbers = [
        ["0.125", 2],
        ["-0.125", 2],
        ["0.135", 2],
        ["2.675", 2],
        ["1e2", 0],
        ["007.50", 1],
        ["-0.001", 2],
        ["99.995", 2],
        ["12345678901234567890.005", 2],
        ["0", 2],
    ]
    numbers_shown = lab.evaluate(ROUNDING, [lab.evaluate("location.origin"), numbers])
    assert numbers_shown == [
        ["0.13", "0.13", "0.125"],
        ["-0.13", "-0.13", "-0.125"],
        ["0.14", "0.14", "0.135"],
        ["2.68", "2.68", "2.675"],
        ["100", "100", "100"],
        ["7.5", "7.5", "7.5"],
        ["0.00", "0", "-0.001"],
        ["100.00", "100", "99.995"],
        ["12345678901234567890.01", "12345678901234567890.01", "12345678901234567890.005"],
        ["0.00", "0", "0"],
    ]


REFUSALS = """async ([origin, cases]) => {
  const marking = await import(`${origin}/static/js/judge/marking.js`);
  return cases.map(([aspect, value]) => marking.refusal(aspect, value));
}"""


HOW_MARKED = """async ([origin, aspects]) => {
  const { howMarked } = await import(`${origin}/static/js/judge/sheet_controls/score.js`);
  return aspects.map(howMarked);
}"""


def test_what_is_off_the_scale_is_refused_in_a_sentence(lab: Page) -> None:
    score = aspect("a", "a", "score", "20", step="0.5")
    ladder = aspect("a", "a", "judgement", "10")
    fault = aspect("a", "a", "deduction", "10", points="2")
    time = aspect("a", "a", "time", "10", full_at="480", zero_at="580")
    best = aspect("a", "a", "relative", "10")
    yes = aspect("a", "a", "measurement", "5")
    cases: list[list[Any]] = [
        [score, "25"],
        [score, "-1"],
        [score | {"min": "-2"}, "-1.5"],
        [score | {"min": "-2"}, "-2.5"],
        [score | {"min": "-2"}, "-1.6"],
        [score, "17.3"],
        [score, "1x"],
        [score, ""],
        [score, "20.0"],
        [ladder, "4"],
        [ladder, "1.5"],
        [ladder, "3"],
        [fault, "-1"],
        [fault, "1.5"],
        [fault, "999"],
        [time, "-0.1"],
        [time, "0"],
        [time | {"least": "0.1", "most": "86400"}, "0"],
        [time | {"least": "0.1", "most": "86400"}, "86401"],
        [best, "0"],
        [best, "0.000001"],
        [yes, "1"],
        [yes, False],
        [score, "1.0000001"],
        [best, "12345678901"],
    ]
    refusals = lab.evaluate(REFUSALS, [lab.evaluate("location.origin"), cases])
    assert refusals == [
        "最高 20 分，25 没有记下",
        "最低 0 分，-1 没有记下",
        None,
        "最低 -2 分，-2.5 没有记下",
        "0.5 分一档，-1.6 没有记下",
        "0.5 分一档，17.3 没有记下",
        "1x 不是能记的数，没有记下",
        " 不是能记的数，没有记下",
        None,
        "只有 0 到 3 档，4 没有记下",
        "只有 0 到 3 档，1.5 没有记下",
        None,
        "次数最少 0，-1 没有记下",
        "次数是整数，1.5 没有记下",
        None,
        "用时最少 0 秒，-0.1 没有记下",
        None,
        "最少 0.1 秒，0 秒 没有记下",
        "最多 86400 秒，86401 秒 没有记下",
        "这个数要大于 0，0 没有记下",
        None,
        "这一项只有合格和不合格",
        None,
        "1.0000001 不是能记的数，没有记下",
        "12345678901 不是能记的数，没有记下",
    ]
    hinted = [score, score | {"hint": "照卷面填，0.5 一档"}, score | {"hint": "按 0.5 递增"}]
    hints = lab.evaluate(HOW_MARKED, [lab.evaluate("location.origin"), hinted])
    assert hints == [["0–20 分", "0.5 一档"], ["0–20 分"], ["0–20 分", "0.5 一档"]]
