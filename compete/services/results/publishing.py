"""Publishing: a stored snapshot, and what follows from it; a large one by a job."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import Results, write_results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.evaluation.unranked_results import unranked
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.closed_periods import only_periods
from compete.domain.scoring.scorer import score
from compete.domain.values.messages import msg
from compete.domain.values.states import COMPETITION_MOVES, CompetitionState, move
from compete.models import Account, Competition, Job, Publication, db, utc_now
from compete.services.closing.blockers import find_blockers
from compete.services.closing.grade_proposals import GradesDue, lacking_grades, write_grades
from compete.services.closing.recheck_state import recheck_blockers
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.appeal_terms import term_end
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.kinds_with_results import require_results
from compete.services.kernel.public_reasons import check_nobody_named, with_former_names_masked
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.kernel.versions import Within, write_prepared
from compete.services.log.sequencing import LOGGING, catch_up_quietly, then_logged
from compete.services.registration.carried_modules import brought_from, claim_with
from compete.services.results.bends import KEY as BENDS
from compete.services.results.bends import put_beside, with_bends
from compete.services.results.indicator_departments import with_departments
from compete.services.results.notice_term import put_up_for
from compete.services.results.public_rechecks import KEY as RECHECK
from compete.services.results.public_rechecks import with_recheck
from compete.services.results.result_moves import announce_states, settle_competition
from compete.services.results.snapshots import (
    chosen_parts,
    names_of,
    published_already,
    published_names,
    read_snapshot,
    snapshot_files,
)
from compete.services.results.stored_versions import (
    PackedVersion,
    packed,
    store_version,
    with_grades_of_now,
)
from compete.services.results.version_listeners import tell_published, tells_listeners
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.scoring.public_columns import CHOICES
from compete.services.sheets.counts import is_large

PUBLISH = "results.publish"
_STEPS, _LOGGED = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadyToPublish:
    """The parts of a publication, worked out before anything is locked for it."""

    to: CompetitionState
    results: Results
    before: Results | None
    """Those of the version in force until now."""
    lacking: Sequence[GradesDue]
    version: PackedVersion


def files_now(
    competition: Competition,
    also: Collection[str] = (),
    periods: Collection[str] | None = None,
) -> tuple[tuple[bytes, bytes], Results]:
    """The public bundle as it would go out now and its results, as files; and the results."""
    bundle = export_bundle(competition, private=False, also=also)
    if periods is not None and bundle.labour is not None:
        # What is still being entered goes out with its own period, and not before.
        bundle = replace(bundle, labour=only_periods(bundle.labour, periods))
    if bundle.labour is not None:
        bundle = replace(bundle, labour=with_departments(competition, bundle.labour))
    results = score(bundle)
    files = write_bundle(with_procedure(bundle, competition), "json"), write_results(results)
    return files, unranked(results, bundle)


def _prepared(
    competition: Competition, also: Collection[str], periods: Collection[str] | None
) -> _ReadyToPublish:
    """The public bundle as it would go out now, its results, and what goes with them."""
    to = _state_after(competition)
    files, results = files_now(competition, also, periods)
    _require_publishable(competition, results)
    before = latest_publication(competition)
    return _ReadyToPublish(
        to=to,
        results=results,
        before=read_snapshot(before)[1] if before else None,
        # A certificate may have been made void since the marks were locked.
        lacking=lacking_grades(competition, results),
        version=packed(competition, files),
    )


def with_procedure(bundle: Bundle, competition: Competition) -> Bundle:
    """A public form with what everybody may know of how it came about."""
    bundle = with_former_names_masked(bundle, competition)
    return with_recheck(with_bends(bundle, competition), competition)


@tells_listeners
@then_logged
def publish(
    competition: Competition,
    by: Account,
    note: str = "",
    also: Collection[str] = (),
    periods: Sequence[str] | None = None,
) -> Publication:
    """Store and announce the results as they are locked.

    The snapshot holds the bundle's public form, its results, the rule versions
    and a SHA-256 over all; it is scored from the very bytes that are stored.
    `also` names what goes out besides what the rules ask for (`CHOICES`; others
    are refused). What was certified or approved and no longer follows is
    written down with it (`Consequence`). Of a labour competition `periods` are told, and no
    value of any other. Raises `Refused` when marks are not locked or something
    disputed is left, and before a required re-check is done.
    """
    _require_choices(also)
    check_nobody_named(competition, note)
    return _take_out(competition, by, note, also, periods, unit_of_work)


def _take_out(
    competition: Competition,
    by: Account,
    note: str,
    also: Collection[str],
    periods: Sequence[str] | None,
    within: Within,
) -> Publication:
    """Publish in a unit of work that `within` opens; nobody is told yet, and nothing logged."""
    require_results(competition)

    @contextmanager
    def claimed_with_others() -> Iterator[None]:
        with within():
            claim_with(competition, brought_from(competition))
            yield

    def write(ready: _ReadyToPublish) -> Publication:
        now, settings = utc_now(), settings_of(competition)
        version = ready.version
        if ready.lacking:
            write_grades(competition, ready.lacking, by)
            version = with_grades_of_now(competition, version)
        term = put_up_for(competition, settings.notice_days, now, local_zone())
        publication = store_version(
            competition,
            version,
            by,
            note,
            at=now,
            notice_until=term.until,
            appeals_until=term_end(competition, now, settings.appeal_hours),
            also=also,
            periods=periods,
        )
        competition.state = ready.to
        # Where the rules ask for no notice there is none, and no day of it on any paper.
        shown = term if settings.notice_days > 0 else None
        announce_states(publication, ready.before, ready.results, shown, by)
        settle_competition(competition)
        db.session.flush()
        return publication

    prepare = partial(_prepared, competition, also, periods)
    return write_prepared(competition, prepare, write, claimed_with_others)


def _require_choices(also: Collection[str]) -> None:
    """Raise `Refused` (400) for what nobody may choose to tell."""
    if not set(also) <= set(CHOICES):
        raise invalid(msg("这一列不能公布"))


def _state_after(competition: Competition) -> CompetitionState:
    """The competition's state after publishing; `MoveError` if there is nothing to publish.

    `Refused` (CONFLICT) where somebody was quicker, with the version that is out.
    """
    if competition_kind(competition).has_periods:
        return competition.state
    newest = latest_publication(competition)
    if newest is not None and competition.state is CompetitionState.NOTICE:
        raise Refused(published_already(newest))
    return move(competition.state, CompetitionState.NOTICE, COMPETITION_MOVES)


def _require_publishable(competition: Competition, results: Results) -> None:
    blockers = [
        *find_blockers(competition, results),
        *recheck_blockers(competition, results),
    ]
    if blockers:
        raise Refused(msg("还不能公布：%(what)s", what=blockers[0].what))


@tells_listeners
@then_logged
def publish_names(competition: Competition, by: Account, note: str) -> Publication:
    """A new version that differs in names alone, without opening the marks.

    Results are those of the version before, to the digit, so notice and appeals
    run on as they were. Raises `Refused` (INVALID) without a note, where nothing is
    announced or marks are open, where results would change, and where no name did.
    """
    if not note.strip():
        raise invalid(msg("写明更正了什么，会写在公布的成绩上"))
    check_nobody_named(competition, note)
    with changing(competition) as competition:
        before = latest_publication(competition)
        announced = competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL)
        if before is None or not announced:
            raise Refused(msg("成绩没在公布，锁定以后一起公布"))
        also = chosen_parts(before)
        bundle = export_bundle(competition, private=False, also=also)
        files = (
            write_bundle(with_procedure(bundle, competition), "json"),
            write_results(score(bundle)),
        )
        old_files = snapshot_files(before)
        if files[1] != old_files[1]:
            raise Refused(msg("成绩也会变，要先解锁、改好、锁定再公布"))
        same = files[0] == old_files[0] or _as_called(read_bundle(files[0])) == _as_called(
            read_bundle(old_files[0])
        )
        if same and published_names(before) == names_of(competition):
            raise Refused(published_already(before))
        return store_version(
            competition,
            packed(competition, files),
            by,
            note,
            at=utc_now(),
            notice_until=before.notice_until,
            appeals_until=before.appeals_until,
            also=also,
        )


def _as_called(bundle: Bundle) -> Bundle:
    """The bundle without what may be another while no name is.

    What bent since, a notice taken down among it, is no name; nor are the births of all who are
    compared by age, which a version from before told.
    """
    for key in (BENDS, RECHECK):
        bundle = put_beside(bundle, key, ())
    return replace(
        bundle,
        entrants=tuple(
            replace(
                entrant,
                birth=None,
                members=tuple(replace(member, birth=None) for member in entrant.members)
                if entrant.members
                else entrant.members,
            )
            for entrant in bundle.entrants
        ),
    )


def publish_or_ask(
    competition: Competition, by: Account, note: str = "", also: Collection[str] = ()
) -> Publication | Job:
    """Publish where that is quickly done; else the job that does it.

    Raises `Refused` in either case for what is known to be missing now.
    """
    if not is_large(competition):
        return publish(competition, by, note, also)
    _require_choices(also)
    check_nobody_named(competition, note)
    _state_after(competition)
    _require_publishable(competition, live_results(competition).results)
    chosen = [choice for choice in CHOICES if choice in also]
    asked = {"note": note, "also": chosen}
    return ask_for(competition, PUBLISH, by, arguments=asked, still=_state_after)


@work_for(PUBLISH)
def _publish(run: Run) -> None:
    # Who died over the log had published already.
    if "version" not in run.kept:
        _publish_once(run)
    run.step(LOGGING, _LOGGED, _STEPS)
    catch_up_quietly()
    with run.writing():
        run.finish(version=run.kept["version"])
    tell_published(run.competition)


def _publish_once(run: Run) -> None:
    also = run.arguments["also"]
    run.step(msg("读出全部评分，重算成绩"), 0, _STEPS)

    @contextmanager
    def keeping() -> Iterator[None]:
        run.step(msg("写入公布的成绩，对照发过的证书"), 2, _STEPS)
        with run.writing():
            yield
            publication = latest_publication(run.competition)
            assert publication is not None, "stored just now"
            run.keep(_LOGGED, version=publication.version)

    _take_out(run.competition, run.by, run.arguments["note"], also, None, keeping)
