"""Publishing in a large competition: a job, with its progress."""

from __future__ import annotations

from collections.abc import Collection

from compete.domain.values.messages import msg
from compete.models import Account, Competition, Job, Publication
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.log.sequencing import LOGGING, catch_up_quietly
from compete.services.results.publishing import (
    prepare,
    publish,
    require_choices,
    require_publishable,
    state_after,
)
from compete.services.results.version_listeners import tell_published
from compete.services.results.version_notes import check_nobody_named
from compete.services.scoring.public_columns import CHOICES
from compete.services.sheets.counts import is_large

PUBLISH = "results.publish"
_STEPS, _LOGGED = 4, 3


def publish_or_ask(
    competition: Competition, by: Account, note: str = "", also: Collection[str] = ()
) -> Publication | Job:
    """Publish where that is quickly done; else the job that does it.

    Raises `Refused` in either case for what is known to be missing now.
    """
    if not is_large(competition):
        return publish(competition, by, note, also)
    require_choices(also)
    check_nobody_named(competition, note)
    require_publishable(competition)
    chosen = [choice for choice in CHOICES if choice in also]
    asked = {"note": note, "also": chosen}
    return ask_for(competition, PUBLISH, by, arguments=asked, still=state_after)


@work_for(PUBLISH)
def _publish(run: Run) -> None:
    # Who died over the log had published already.
    if "version" not in run.kept:
        _take_out(run)
    run.step(LOGGING, _LOGGED, _STEPS)
    catch_up_quietly()
    with run.writing():
        run.finish(version=run.kept["version"])
    tell_published(run.competition)


def _take_out(run: Run) -> None:
    also = run.arguments["also"]
    run.step(msg("读出全部评分，重算成绩"), 0, _STEPS)
    ready = prepare(run.competition, also)
    run.step(msg("写入公布的成绩，对照发过的证书"), 2, _STEPS)
    with run.writing():
        publication = publish(run.competition, run.by, run.arguments["note"], also, ready)
        run.keep(_LOGGED, version=publication.version)
