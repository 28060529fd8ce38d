"""Names of modules and parts where an event has several stages."""

from __future__ import annotations

from compete.domain.bundle.attempts import with_attempt
from compete.domain.bundle.event_types import Event, Module, Stage


def name_in_stage(event: Event, stage: str, name: str) -> str:
    """A module's or a part's name: with its stage's where another stage has one of that name."""
    alike = any(
        name in [*(module.name for module in other.modules), *(part.name for part in other.parts)]
        for other in event.stages
        if other.code != stage
    )
    begins = next((f"{own.name} " for own in event.stages if alike and own.code == stage), "")
    return begins + name


def module_name(event: Event, stage: Stage, module: Module) -> str:
    """A module's name as `name_in_stage` has it; of several attempts also which, as `1/2`."""
    return with_attempt(stage, module.code, name_in_stage(event, stage.code, module.name))
