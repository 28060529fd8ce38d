"""The pages on which a labour competition is set up and run, to be photographed."""

from __future__ import annotations

from tests.look import accidents_samples as accidents
from tests.look import deadlines_samples as deadlines
from tests.look import head_counts_samples as head_counts
from tests.look import labour_changes_samples as labour_changes
from tests.look import labour_form_samples as labour_form
from tests.look import labour_matrix_samples as labour_matrix
from tests.look import labour_rules_samples as labour_rules
from tests.look import labour_samples as labour
from tests.look import months_samples as months
from tests.look import safe_days_samples as safe_days
from tests.look.look import Look

LABOUR_PAGES = [
    Look("labour-unit", "organiser/labour/unit.html", labour.unit, ("desk", "phone")),
    Look("labour-unit-empty", "organiser/labour/unit.html", labour.unit_empty),
    Look(
        "labour-month",
        "organiser/labour_matrix/matrix.html",
        labour_matrix.month,
        ("desk", "wide", "phone"),
    ),
    Look(
        "labour-month-empty", "organiser/labour_matrix/matrix.html", labour_matrix.month_of_nobody
    ),
    Look("late", "organiser/deadlines/late.html", deadlines.late, ("desk", "phone")),
    Look("late-empty", "organiser/deadlines/late.html", deadlines.closed),
    Look("months", "organiser/months/months.html", months.periods, ("desk", "wide", "phone")),
    Look("month-open", "organiser/months/month.html", months.open_month, ("desk", "phone")),
    Look("month-corrected", "organiser/months/month.html", months.corrected, ("desk", "phone")),
    Look(
        "labour-rules", "organiser/labour_rules/rules.html", labour_rules.rules, ("desk", "phone")
    ),
    Look(
        "labour-form",
        "organiser/labour_form/form.html",
        labour_form.form,
        ("desk", "wide", "phone"),
    ),
    Look("accidents", "organiser/accidents/accidents.html", accidents.accidents, ("desk", "phone")),
    Look("accidents-refused", "organiser/accidents/accidents.html", accidents.refused),
    Look("accidents-none", "organiser/accidents/accidents.html", accidents.none),
    Look("head-counts", "organiser/head_counts/heads.html", head_counts.heads, ("desk", "phone")),
    Look("head-counts-read-in", "organiser/head_counts/heads.html", head_counts.read_in),
    Look("head-counts-read", "organiser/head_counts/heads.html", head_counts.read_only),
    Look("safe-days", "organiser/safe_days/safe_days.html", safe_days.days, ("desk", "phone")),
    Look("safe-days-refused", "organiser/safe_days/safe_days.html", safe_days.refused),
    Look("safe-days-read", "organiser/safe_days/safe_days.html", safe_days.read_only),
    Look("labour-form-refused", "organiser/labour_form/form.html", labour_form.form_refused),
    Look("labour-form-waiting", "organiser/labour_form/form.html", labour_form.form_waiting),
    Look(
        "labour-changes",
        "organiser/labour_changes/changes.html",
        labour_changes.changes,
        ("desk", "phone"),
    ),
    Look(
        "labour-changes-empty",
        "organiser/labour_changes/changes.html",
        labour_changes.changes_empty,
    ),
    Look(
        "labour-rules-previewed", "organiser/labour_rules/rules.html", labour_rules.rules_previewed
    ),
    Look(
        "labour-rules-by-two",
        "organiser/labour_rules/rules.html",
        labour_rules.rules_by_two,
        ("desk", "phone"),
    ),
    Look("labour-rules-waiting", "organiser/labour_rules/rules.html", labour_rules.rules_waiting),
    Look(
        "rule-change", "organiser/rule_changes/change.html", labour_rules.change, ("desk", "phone")
    ),
    Look(
        "rule-change-in-force",
        "organiser/rule_changes/change.html",
        labour_rules.change_in_force,
        ("desk", "phone"),
    ),
    Look(
        "rule-change-withdrawn", "organiser/rule_changes/change.html", labour_rules.change_withdrawn
    ),
]
