"""Dossiers (竞赛档案, 批次档案): made by a job from papers there are, kept sealed, fetched, erased.

One holds names, marks and decisions as they stood on its day. It stays whole when personal data are
erased elsewhere, since an inspection asks for it; when its term is over its key goes, by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.documents.dates import printed_time
from compete.documents.press import PressBrokenError, beside, set_by
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import months_later
from compete.domain.values.messages import Message, msg
from compete.language import FIRST, translator_for
from compete.models import Account, AuditEntry, Competition, Dossier, Job, db, utc_now
from compete.services.competitions.dossier_file import Packing, head_of, new_packing
from compete.services.competitions.dossier_sources import Source, sources_for
from compete.services.jobs.papers.kinds import Asked
from compete.services.jobs.queue import ask_for, open_job
from compete.services.jobs.running import Run, work_for
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.file_store import StoreAwayError, store_here
from compete.services.kernel.installation import reached_at
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import afterwards, changing
from compete.services.outbox.rounds import by_clock
from compete.services.registration.document_files import document_name, read_sealed, store_sealed

MAKE = "dossier.make"
MADE, FETCHED, ERASED = "dossier.make", "dossier.fetch", "dossier.erase"
_OWN_ACTS = (
    *(MADE, FETCHED, ERASED),
    *("appeal.print", "certificate.upload_book", "rows.seal", "chain.form", "key.chain"),
)
"""What making and fetching one leaves in the chain itself: nothing of the competition changed."""


def dossiers_of(competition: Competition) -> Sequence[Dossier]:
    """Every dossier of a competition, the newest first."""
    return db.session.scalars(
        select(Dossier)
        .where(Dossier.competition_id == competition.id)
        .options(joinedload(Dossier.maker))
        .order_by(Dossier.number.desc())
    ).all()


def find_dossier(competition: Competition, number: int) -> Dossier | None:
    """The dossier of that number, or None."""
    query = select(Dossier).where(
        Dossier.competition_id == competition.id, Dossier.number == number
    )
    return db.session.scalar(query)


def kept_until(dossier: Dossier) -> date:
    """The day on which the term of a dossier is over."""
    years = settings_of(dossier.competition).dossier_years
    return months_later(local_time(dossier.made_at).date(), 12 * years)


def changes_since(dossier: Dossier) -> int:
    """Count the records since it was made, without those that dossiers leave themselves."""
    query = select(func.count()).where(
        AuditEntry.competition_id == dossier.competition_id,
        AuditEntry.seq > dossier.records,
        AuditEntry.action.not_in(_OWN_ACTS),
    )
    return db.session.scalar(query) or 0


def why_no_dossier(competition: Competition) -> Message | None:
    """Say why none can be made now; None where one can."""
    if latest_publication(competition) is None:
        return msg("成绩还没公布，公布以后才能做")
    return None


def making_job(competition: Competition) -> Job | None:
    """The job that is making one, or None."""
    return open_job(competition, MAKE)


def ask_dossier(competition: Competition, by: Account, site: str) -> Job:
    """Have a dossier made; `site` is the address that its papers lead to. Raises `Refused`."""
    return ask_for(
        *(competition, MAKE, by),
        arguments={"site": site},
        still=lambda competition: refuse_if(why_no_dossier(competition)),
    )


def fetch_dossier(dossier: Dossier, by: Account) -> bytes:
    """The file, for who may have it; that it was fetched is recorded.

    Raises `Refused` where its term is over, or the file is gone or spoilt.
    """
    with changing(dossier.competition, dossier) as competition:
        if dossier.file_key is None:
            raise Refused(msg("保存期满，已经删了"))
        content = read_sealed(dossier.file, dossier.file_key)
        if content is None or hashlib.sha256(content).hexdigest() != dossier.sha256:
            raise Refused(
                msg("文件库里没有这个文件，或者不是当时的那一个：运行 compete verify 看看")
            )
        audit.record(competition, by, FETCHED, str(dossier.number))
    return content


@by_clock
def erase_past_dossiers() -> None:
    """Erase each dossier whose term is over, with its key."""
    query = select(Dossier).where(Dossier.file_key.is_not(None)).order_by(Dossier.id)
    today = local_today()
    past = [row for row in db.session.scalars(query) if kept_until(row) <= today]
    for row in past:
        with changing(row.competition, row) as competition:
            row.file_key, row.erased_at = None, utc_now()
            after = {"sha256": row.sha256, "years": settings_of(competition).dossier_years}
            audit.record(competition, None, ERASED, str(row.number), after=after)
            afterwards(partial(_forget, row.file))


def _forget(file: str) -> None:
    # Without its key nobody opens what a store that is away still keeps.
    try:
        store_here().remove(document_name(file))
    except StoreAwayError:
        return


@work_for(MAKE)
def _make(run: Run) -> None:
    competition = run.competition
    translate = translator_for(competition.kind, FIRST.code)
    asked = Asked(competition, run.by, translate, {})
    last, head_hash = audit.chain_head(competition)
    packing, sources = new_packing(), sources_for(competition)
    with reached_at(run.arguments["site"]):
        for number, source in enumerate(sources):
            still = partial(run.step, source.title, number, len(sources))
            still()
            with set_by(beside(still)):
                _gather(packing, source, asked)
    at, by = utc_now(), run.by.name
    number = _next_number(competition)
    head = head_of(
        *(competition.code, competition.name, competition.kind, number),
        records=last,
        head=head_hash,
        at=at,
        by=by,
    )
    content, manifest = packing.closed(head, _contents(packing, asked, number))
    run.step(msg("存进文件库"), len(sources), len(sources))
    sealed = store_sealed(content)
    with run.writing() as session:
        row = Dossier(
            competition_id=competition.id,
            number=number,
            file=sealed.file,
            file_key=sealed.key,
            sha256=hashlib.sha256(content).hexdigest(),
            manifest=hashlib.sha256(manifest).hexdigest(),
            size=len(content),
            files=len(packing.files),
            records=last,
            made_by=run.by_id,
            made_at=at,
        )
        session.add(row)
        session.flush()
        after = {
            "number": number,
            "sha256": row.manifest,
            "file": row.sha256,
            "files": row.files,
            "lacking": len(packing.lacking),
        }
        audit.record(run.competition, run.by, MADE, str(number), after=after)
        run.finish(number=number, files=row.files)


def _gather(packing: Packing, source: Source, asked: Asked) -> None:
    """Put one source's papers in; what it has nothing of is said, and stops nothing else."""
    title = source.title.render(asked.translate)
    try:
        for part, content in source.files(asked):
            packing.add(source.named(part, asked.translate), title, bytes(content))
    except Refused as refused:
        why = refused.message.render(asked.translate)
        packing.lacks(source.named("", asked.translate), title, why)
    except PressBrokenError:
        raise Refused(msg("排版到一半中断了，可能内存不够。再做一次")) from None


def _next_number(competition: Competition) -> int:
    query = select(func.max(Dossier.number)).where(Dossier.competition_id == competition.id)
    return (db.session.scalar(query) or 0) + 1


def _contents(packing: Packing, asked: Asked, number: int) -> list[str]:
    """The list of contents for people: what there is, what is lacking and why, how to check."""
    here, translate = asked.competition, asked.translate
    lines = [
        msg("%(name)s 竞赛档案 第 %(n)s 份", name=here.name, n=number),
        msg("编号 %(code)s，%(kind)s", code=here.code, kind=competition_kind(here).name),
        msg(
            "做的时候：%(at)s，%(who)s",
            at=printed_time(local_time(utc_now()), translate),
            who=asked.by.name,
        ),
        msg("核对：compete verify-dossier 这个文件；每个文件的 SHA-256 在 manifest.json 里"),
    ]
    texts = [line.render(translate) for line in lines]
    texts += ["", msg("有的").render(translate)]
    texts += [f"  {it.name}　{it.title}" for it in packing.files]
    if packing.lacking:
        texts += ["", msg("没有的").render(translate)]
        texts += [f"  {it.name}　{it.title}：{it.why}" for it in packing.lacking]
    return texts
