"""What a competition may begin from: templates that ship with the program, and earlier editions."""

from __future__ import annotations

from flask_login import current_user

from compete.models import Competition
from compete.resources import resource_dir
from compete.services.competitions.set_up import Earlier, earlier_template, edition_of, set_up_of
from compete.services.competitions.templates import (
    LabourTemplate,
    Template,
    labour_templates,
    shipped_templates,
)

LABOUR = "labour:"
"""The prefix of the key of a labour competition's template."""


def templates() -> tuple[Template, ...]:
    """Return the templates that ship with the program."""
    return shipped_templates(resource_dir("sample_events"))


def template_of(key: str) -> Template | LabourTemplate | None:
    """The template of that key, or None."""
    if key.startswith(LABOUR):
        named = key.removeprefix(LABOUR)
        return next((template for template in labour_templates() if template.key == named), None)
    return next((template for template in templates() if template.key == key), None)


def earlier_of(competition: Competition) -> Earlier | None:
    """Return the source of parts: the edition, if the viewer has a part in it, or the template."""
    set_up = set_up_of(competition)
    if set_up.template:
        template = template_of(set_up.of)
        return earlier_template(template.bundle) if isinstance(template, Template) else None
    return edition_of(competition, current_user)
