"""Record paper (仲裁记录): one appeal from the matter to the outcome, to be signed and filed."""

from __future__ import annotations

from datetime import datetime

from compete.documents.dates import printed_time
from compete.documents.lists import Column, ListDocument, Row, Stamp, render_list
from compete.documents.typesetting import PrintedFile
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, Translate, msg
from compete.models import Account, Appeal, AppealDecision, utc_now
from compete.services.appeals.appeal_states import KIND_WORDS, Kind
from compete.services.appeals.arbiter_recusals import FIRST, SECOND, instance_of
from compete.services.appeals.arbiter_view import Matter, decided_value, matter_of
from compete.services.appeals.evidence import is_added
from compete.services.appeals.filing import note
from compete.services.appeals.ordered_rulings import carried_words
from compete.services.appeals.second_instance import outcome_words
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.judging.field_records import field_facts
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.installation import fonts
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.blind_codes import may_see_names
from compete.services.sheets.films import FILM
from compete.services.sheets.sent_documents import PDF

_COLUMNS = (Column(msg("项目"), width=1), Column(msg("内容"), width=4))
_LONGEST = 500


def print_appeal(appeal: Appeal, by: Account, translate: Translate | None = None) -> PrintedFile:
    """The record of one appeal as PDF; that it was printed is written into the chain.

    Where the reader may not know who is behind a blind code, the code stands for the name.
    """
    paper = _Paper(appeal, by, translate)
    rows = paper.rows()
    competition = appeal.competition
    with unit_of_work():
        note(appeal, by, "appeal.print")
    document = ListDocument(
        title=msg("仲裁记录 %(number)s", number=f"{appeal.number:02}").render(translate),
        subtitle=competition.name,
        columns=_COLUMNS,
        rows=[
            Row((label.render(translate) if place == 0 else "", part))
            for label, text in rows
            for place, part in enumerate(_parts(text))
        ],
        stamp=Stamp(local_time(utc_now())),
        signatures=paper.signatures(),
    )
    return render_list(document, fonts=fonts(), translate=translate, author=competition.issuer)


def _parts(text: str) -> list[str]:
    """A text line by line, in pieces that each fit on a page: a row is never split."""
    return [
        line[at : at + _LONGEST]
        for line in text.splitlines()
        for at in range(0, len(line), _LONGEST)
    ]


class _Paper:
    def __init__(self, appeal: Appeal, by: Account, translate: Translate | None) -> None:
        self.appeal, self.translate = appeal, translate
        self.matter: Matter = matter_of(appeal, translate)
        self.named = may_see_names(appeal.competition, [appeal.entrant.event], by)

    def rows(self) -> list[tuple[Message, str]]:
        """List all rows, in the order of what happened."""
        appeal, entrant = self.appeal, self.appeal.entrant
        who = f"{entrant.name} {entrant.code}" if self.named else decision_label(entrant)
        parts = (self.matter.module, self.matter.aspect or "")
        lines = [
            (msg("申诉单位"), entrant.unit.name if self.named else ""),
            (msg("选手"), who),
            (msg("赛项"), entrant.event.name),
            (msg("对什么"), " ".join(part for part in parts if part)),
            (msg("收到"), self._time(appeal.filed_at)),
            (msg("申诉截止"), self._time(appeal.filing_until)),
            (msg("谁提的"), self._message_text(self._by())),
            (msg("事由"), f"{self._message_text(KIND_WORDS[Kind(appeal.kind)])}\n{appeal.matter}"),
            (msg("证据"), "\n".join(self._evidence())),
            (msg("调查"), "\n".join(self._inquiry())),
        ]
        lines += self._decisions(FIRST, msg("仲裁组的决定"))
        if appeal.second_at is not None:
            why = f"{self._time(appeal.second_at)}\n{appeal.second_why or ''}"
            lines.append((msg("提请了总仲裁"), why))
        lines += self._decisions(SECOND, msg("总仲裁的决定"))
        if appeal.withdrawn_at is not None:
            lines.append((msg("撤回了"), self._time(appeal.withdrawn_at)))
        if appeal.carried_at is not None:
            carrier = appeal.carrier.name if appeal.carrier else ""
            done_at = f"{carrier} {self._time(appeal.carried_at)}"
            done = f"{done_at}\n{self._message_text(carried_words(appeal))}"
            lines.append((msg("裁判长执行"), done))
        return lines

    def signatures(self) -> list[Message]:
        """List the signatures: everybody who decided, or as many arbiters as the rules ask for."""
        needed = settings_of(self.appeal.competition).appeals.arbiters
        if stood := self._stood(FIRST):
            # The rules may have changed since: the decision says how many made it.
            needed = 1 if stood[-1].agreer is None else 2
        # Nobody could sign for an instance to which the appeal never went.
        head = [msg("总仲裁")] if self.appeal.second_at is not None else []
        return [*[msg("仲裁")] * needed, *head, msg("裁判长"), msg("申诉人")]

    def _by(self) -> Message:
        filer = self.appeal.filer
        if filer is None:
            return msg("选手本人提出")
        return msg("单位提出：%(name)s", name=filer.name) if self.named else msg("单位提出")

    def _evidence(self) -> list[str]:
        """List the evidence: words as they are, files by the words of what is kept."""
        lines = []
        for row in self.appeal.evidence:
            at = self._time(row.added_at)
            if is_added(row):
                at = self._message_text(msg("%(at)s 补", at=at))
            if row.sha256:
                words = hash_phrase(bytes.fromhex(row.sha256))
                kept = {
                    PDF: msg("PDF，核对词 %(words)s", words=words),
                    FILM: msg("录像，核对词 %(words)s", words=words),
                }.get(row.media or "", msg("照片，核对词 %(words)s", words=words))
                lines.append(f"{at} {self._message_text(kept)}")
            if row.words:
                lines.append(f"{at} {row.words}")
        return lines

    def _inquiry(self) -> list[str]:
        lines = []
        for line in self.matter.lines:
            if not line.concerned:
                continue
            pairs = zip(self.matter.judges, line.values, strict=True)
            given = "　".join(f"{judge} {value}" for judge, value in pairs)
            lines.append(f"{line.name}　{given}")
            lines += line.notes
        record = self.matter.record
        if record is not None:
            facts = field_facts(record)
            span = f"{facts['started'] or '—'}–{facts['ended'] or '—'}"
            lines.append(self._message_text(msg("现场记录 %(span)s", span=span)))
            if facts["violations"]:
                lines.append(facts["violations"])
        lines += [
            self._message_text(msg("扣罚：%(why)s", why=why)) for why in self.matter.penalties
        ]
        return lines

    def _stood(self, instance: int) -> list[AppealDecision]:
        rows = self.appeal.decisions
        return [row for row in rows if row.stood_at is not None and row.instance == instance]

    def _decisions(self, instance: int, label: Message) -> list[tuple[Message, str]]:
        """List the decisions in an instance; if it has yet to decide, say that there is none."""
        decided = [(label, self._decision(row)) for row in self._stood(instance)]
        if not decided and instance_of(self.appeal) == instance:
            return [(label, self._message_text(msg("还没有定")))]
        return decided

    def _decision(self, row: AppealDecision) -> str:
        outcome = self._message_text(outcome_words(row))
        value = decided_value(row, self.translate)
        if value:
            outcome = self._message_text(
                msg("%(outcome)s，改成 %(value)s", outcome=outcome, value=value)
            )
        names = "　".join(account.name for account in (row.maker, row.agreer) if account)
        lines = (outcome, row.orders or "", row.reason, f"{names}　{self._time(row.stood_at)}")
        return "\n".join(line for line in lines if line)

    def _time(self, at: datetime | None) -> str:
        return printed_time(local_time(at), self.translate) if at is not None else ""

    def _message_text(self, message: Message) -> str:
        return message.render(self.translate)
