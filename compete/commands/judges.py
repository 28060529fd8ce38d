"""`compete judges FILE`: how a competition's judges judge, by its file alone."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from compete.commands.bundle_file import add_file, open_bundle
from compete.commands.printing import print_line, tell
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.domain.reliability.advice import Advice
    from compete.domain.reliability.analysis import Analysis
    from compete.domain.reliability.of_bundle import ModulePlace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete judges FILE [--json]`."""
    add_file(parser)
    parser.add_argument("--json", action="store_true", help=say(msg("打印成 JSON")))


def run(arguments: Namespace) -> int:
    """Print what is said of each module's judges; exit status 2 for what is no bundle."""
    from compete.domain.reliability.of_bundle import analyses

    bundle = open_bundle(arguments.file)
    modules = list(analyses(bundle))
    if arguments.json:
        report = {
            "format": "compete-judges/1",
            "competition": bundle.competition.code,
            "modules": [_module(place, analysis) for place, analysis in modules],
        }
        text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
        sys.stdout.buffer.write(text.encode())
        return 0
    if not modules:
        tell(msg("没有裁判的评分可看"))
    for place, analysis in modules:
        _tell_module(place, analysis)
    return 0


def _module(place: ModulePlace, analysis: Analysis) -> dict[str, Any]:
    largest = analysis.panels[0] if len(analysis.panels) == 1 else None
    return {
        "event": place.event,
        "stage": place.stage,
        "module": place.module,
        "panels": len(analysis.panels),
        "icc": _rounded(largest.icc["ICC(2,k)"].value) if largest else None,
        "w": _rounded(largest.w.w) if largest else None,
        "judges": [_judge(code, analysis) for code in analysis.names],
    }


def _judge(code: str, analysis: Analysis) -> dict[str, Any]:
    report = analysis.reports.get(code)
    judge: dict[str, Any] = {
        "judge": code,
        "sheets": report.sheets if report else 0,
        "severity": _rounded(report.severity.shrunk.value) if report else None,
        "advice": [
            _advice(advice) for advice in analysis.advice if advice.judge == code and advice.finding
        ],
    }
    if code in analysis.silent:
        judge["why"] = say(analysis.silent[code])
    return judge


def _advice(advice: Advice) -> dict[str, Any]:
    finding = advice.finding
    assert finding
    piece: dict[str, Any] = {
        "kind": finding.kind,
        "value": _rounded(finding.value),
        "low": _rounded(finding.low),
        "high": _rounded(finding.high),
    }
    if finding.either:
        piece["either"] = list(finding.either)
    return piece


def _rounded(value: float | None) -> str | None:
    """Two decimals; what rounds to nothing has no sign."""
    return None if value is None else f"{value:z.2f}"


def _tell_module(place: ModulePlace, analysis: Analysis) -> None:
    tell(
        msg(
            "赛项 %(event)s，%(stage)s，%(module)s：%(judges)s 名裁判，%(sheets)s 张评分表",
            event=place.event,
            stage=place.stage,
            module=analysis.module.name,
            judges=len(analysis.names),
            sheets=analysis.sheets,
        )
    )
    for advice in analysis.advice:
        print_line(f"  {say(advice.text)}")
    for code, why in analysis.silent.items():
        print_line(f"  {analysis.names[code]}: {say(why)}")
    if not analysis.advice and not analysis.silent:
        print_line(f"  {say(msg('没有裁判明显偏离，不用做什么。'))}")
