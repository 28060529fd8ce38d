"""Rule sets from outside are loaded, exported and published, and come to the same results."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.competitions.event_setup import remove_event
from compete.services.kernel.refusal import Refused
from compete.services.rules.rules_saving import RulesRefused, checked_rules
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.masked_bundle import public_bundle
from tests.domain.scoring.test_rules_from_outside import RULES


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_set_comes_back_out_of_the_database(
    path: Path, load: Callable[..., Competition]
) -> None:
    wanted = json.loads(path.with_name(path.name.replace(".bundle.", ".results.")).read_bytes())
    competition = load(json.loads(path.read_bytes()))
    exported = export_bundle(competition, history=True)
    for bundle in (exported, public_bundle(exported)):
        again = read_bundle(write_bundle(bundle))
        assert json.loads(write_results(score(again))) == wanted
    assert exported.events == read_bundle(path.read_bytes()).events


def test_what_a_table_counts_is_not_taken_from_under_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(next(it for it in RULES if "skills-scale" in it.name).read_bytes())
    plain |= {"entrants": [], "marks": []}
    competition = load(plain)
    event = competition.events[0]
    rules = dict(event.rules.definition)
    assert checked_rules(competition, rules).scale is not None
    with pytest.raises(RulesRefused) as refused:
        checked_rules(competition, {key: it for key, it in rules.items() if key != "scale"})
    assert "overall[1].by" in [problem.path for problem in refused.value.problems]
    with pytest.raises(Refused, match="总表"):
        remove_event(event, organiser)
