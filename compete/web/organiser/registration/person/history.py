"""Fields of a person in words, and their history from the audit chain: what, by whom, why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.eligibility import RULE_WORDS, Rule
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label
from compete.domain.identity.certificate_number import spaced_number
from compete.domain.identity.masks import mask_phone
from compete.domain.identity.names import made_up_note
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.registration_columns import BACKGROUND
from compete.domain.values.days import month_words
from compete.models import AuditEntry, Entrant, Member
from compete.services.closing.penalties_and_outcomes import recorded_word
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.event_rules import ladder_of, module_title, rules_of
from compete.services.outbox.channels import Channel
from compete.services.outbox.messages import why_unreached
from compete.services.registration.corrections import is_birth_in_number
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.web.language import say
from compete.web.words import gender_word, group_word, length_words, ranked_here, shift_words

Fact = tuple[str, str, str]
"""A known fact: the field, its value, a note."""

_COLUMNS = {"id_type": "paper"}
_ORDER = (
    *("name", "id_type", "id_number", "phone", "gender", "birth", "unit", "team", "group"),
    *("grade", "certificate", "promoted", "post", "months", *BACKGROUND, "role"),
)


def field_words() -> dict[str, str]:
    """Return the words of fields by key, in the order in which a page shows them."""
    titles = {key: say(PEOPLE_BY_KEY[_COLUMNS.get(key, key)].title) for key in _ORDER}
    return titles | {"birth": _("出生"), "place": _("工位")}


def birth_words(holder: Entrant | Member) -> str | None:
    """Say when somebody was born, without the day; if the ID number tells it, without the month.

    Beside the masked number they would leave little of it to guess.
    """
    birth = holder.birth
    if birth is None:
        return None
    if is_birth_in_number(holder):
        return _("%(year)s年", year=birth.year)
    return say(month_words(birth))


def shown_value(key: str, value: object, ladder: Ladder = NATIONAL) -> str:
    """A field's value in words; a dash where earlier versions only said that it changed."""
    if value is None or value is True:
        return "—"
    if key in ("grade", "months"):
        value = int(str(value))
    column = PEOPLE_BY_KEY.get("paper" if key == "id_type" else key)
    # Numbers and phones stand masked in the record.
    if column is None or key in ("id_number", "phone"):
        return str(value)
    return say(column.value_words(value, ladder))


def facts_of(entrant: Entrant) -> list[Fact]:
    """List the known facts of a person beside the ID number, or of a crew as a whole."""
    names = [entrant.name, *(member.name for member in entrant.members)]
    notes = [note for note in map(made_up_note, names) if note]
    place = [(_("赛项"), entrant.event.name, ""), (_("单位"), entrant.unit.name, "")]
    if ranked_here():
        place.append((_("代表队"), entrant.team.name if entrant.team else "—", ""))
    place.append((_("组别"), group_word(entrant.group), ""))
    if not entrant.members:
        place = [*_personal(entrant), *place, _grade(entrant), *work_facts(entrant)]
    return [*((_("姓名里的字"), say(note), "") for note in notes), *place]


def _reached(phone: str | None) -> str:
    """Say beside a phone that messages do not get there."""
    why = why_unreached(Channel.SMS, phone.strip()) if phone else None
    return {"dead": _("空号，短信不再发"), "off": _("本人不再收短信")}.get(why or "", "")


def _personal(entrant: Entrant) -> list[Fact]:
    """Paper, phone and birth, all of them masked."""
    born = (birth_words(entrant), gender_word(entrant.gender) if entrant.gender else None)
    return [
        (_("证件类型"), say(paper_name(Paper(entrant.id_type))), ""),
        (_("手机"), mask_phone(entrant.phone) if entrant.phone else "—", _reached(entrant.phone)),
        (_("出生"), _("，").join(part for part in born if part) or "—", ""),
    ]


def _grade(entrant: Entrant) -> Fact:
    """The present grade, with its certificate."""
    year = entrant.promoted
    notes = (entrant.certificate, _("%(year)s 年因竞赛晋升过", year=year) if year else None)
    grade = say(grade_label(entrant.grade, ladder_of(entrant.event)))
    return _("现等级"), grade, _("，").join(note for note in notes if note)


def work_facts(holder: Entrant | Member) -> list[Fact]:
    """Post, years of work and what else was asked, where they are known."""
    words = field_words()
    known = [(key, getattr(holder, key)) for key in ("post", "months", *BACKGROUND)]
    return [
        (words[key], shown_value(key, value), "")
        for key, value in known
        if value or (key == "months" and value is not None)
    ]


ChangedField = tuple[str, str, str]
"""A changed field: its name, its former and its present value."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One record about a person: what was done, and by whom."""

    record: AuditEntry
    what: str
    who: str
    fields: Sequence[ChangedField]


def describe_history(
    records: Sequence[AuditEntry], entrant: Entrant, *, erased: bool = False
) -> list[HistoryLine]:
    """A line for each record; of a crew's member, the member's code stands with it.

    Of who was erased, what fields said before is not shown either.
    """
    return [
        HistoryLine(
            record,
            _act_words(record) + (f" {record.subject}" if _of_member(record, entrant.code) else ""),
            say(signer_words(record.actor)),
            [] if erased else _fields(record, entrant),
        )
        for record in records
    ]


def _of_member(record: AuditEntry, own: str) -> bool:
    whole = bool(_after(record, "all"))
    return not whole and record.subject != own and record.action.startswith(("entrant.", "badge."))


def _act_words(record: AuditEntry) -> str:
    paper = record.subject
    words = {
        "competition.load": _("随竞赛载入"),
        "entrants.import": _("写入报名表"),
        "entrants.add": _("加到名单里"),
        "application.accept": _("收下报名"),
        "entrants.place": _("排了工位"),
        "difficulty.set": _("记难度系数（%(what)s）", what=paper),
        "entrants.plan": _("照赛程排了场次和工位"),
        "entrant.correct": _("更正资料"),
        "entrant.show_number": _("看全号"),
        "consent.give": _("同意公布全名"),
        "consent.withdraw": _("不同意公布全名"),
        "entrant.erase": _("删除个人资料"),
        "entrant.withdraw": _("退赛"),
        "entrant.onward": _("转下一批"),
        "entrant.pass": _("审核通过"),
        "entrant.pass_end": _("收回审核通过"),
        "entrant.return": _("撤回退赛"),
        "entrant.replace": _("换下 %(code)s，接他的场次和工位", code=_after(record, "old")),
        "entrant.replaced": _("由 %(code)s 换下", code=_after(record, "new")),
        "entrant.move": _("挪工位（%(where)s）", where=_after(record, "module") or ""),
        "schedule.delay": _("整批改时间，%(what)s", what=shift_words(_after(record, "minutes"))),
        "schedule.delay_undone": _("撤销整批改时间"),
        "floor.stop": _("设备停了（%(where)s）", where=_after(record, "module") or ""),
        "floor.give_back": _("补时 %(length)s", length=length_words(_after(record, "seconds"))),
        "floor.put_last": _("换到最后一批（%(where)s）", where=_after(record, "module") or ""),
        "floor.undo": _("撤销停机或补时"),
        "entrant.exempt": _("特准（%(rule)s）", rule=_rule(record.after)),
        "entrant.level_exempt_ask": _("提出特准"),
        "entrant.level_exempt": _("特准，条件不够也能考"),
        "entrant.level_exempt_drop": _("不特准了"),
        "entrant.level_exempt_end": _("收回特准"),
        "entrant.exempt_end": _("收回特准（%(rule)s）", rule=_rule(record.before)),
        "entrant.resit": _("记为补考，第 %(n)s 次", n=_after(record, "attempt") or ""),
        "entrant.resit_end": _("收回补考"),
        "entrant.carry": _("带来单科成绩（%(what)s）", what=_carried_words(record.after)),
        "entrant.carry_end": _("收回带来的成绩（%(what)s）", what=_carried_words(record.before)),
        "entrant.carry_void": _("带来的成绩作废（%(what)s）", what=_carried_words(record.before)),
        "badge.replace": _("换新码"),
        "appeal.word": _("给申诉码"),
        "portrait.put": _("传照片或换照片"),
        "portrait.remove": _("删照片"),
        "portrait.import": _("照片成批写入"),
        "checkin.pass": _("检录通过"),
        "checkin.came": _("有人先到"),
        "checkin.stop": _("没放行"),
        "checkin.undo": _("撤销检录"),
        "grade.ask": _("提出批准等级，等另一位同意"),
        "grade.drop_ask": _("批准等级的提出收回了"),
        "grade.lapse": _("拟晋升没有了，成绩变了"),
        "certificate.issue": _("发等级证书"),
        "certificate.issue_awards": _("发获奖证书"),
        "certificate.reissue": _(
            "换发证书 %(number)s，新号 %(new)s", number=paper, new=_after(record, "number")
        ),
        "certificate.ask_revoke": _("提出撤销证书 %(number)s", number=paper),
        "certificate.drop_revoke": _("不撤销证书 %(number)s 了", number=paper),
        "certificate.revoke": _("撤销证书 %(number)s", number=paper),
        "certificate.ask_again": _("提出重新发撤销了的证书 %(number)s", number=paper),
        "certificate.drop_again": _("不重新发证书 %(number)s 了", number=paper),
        "certificate.end_revoke": _(
            "%(asked_by)s 提出的撤销 %(what)s 不用定了：%(why)s", **_ended(record)
        ),
        "certificate.end_again": _(
            "%(asked_by)s 提出的重新发 %(what)s 不用定了：%(why)s", **_ended(record)
        ),
        "decision.propose": _("提出%(kind)s", kind=_kind(record)),
        "decision.confirm": _("确认%(kind)s", kind=_kind(record)),
        "absence.keep": _("维持%(kind)s，后到的评分不算", kind=_kind(record)),
        "decision.withdraw": _("撤回%(kind)s", kind=_kind(record)),
    }
    if record.action == "grade.decide":
        return _decided(record)
    return words.get(record.action, record.action)


def _ended(record: AuditEntry) -> dict[str, object]:
    """Whose request it was, about which certificate, and why it came to nothing."""
    asked_by, why = _after(record, "asked_by") or "", record.reason or ""
    return {"asked_by": asked_by, "what": spaced_number(record.subject), "why": why}


def _after(record: AuditEntry, key: str) -> object:
    return record.after.get(key) if isinstance(record.after, dict) else None


def _rule(record: object) -> str:
    rule = record.get("rule") if isinstance(record, dict) else None
    return say(RULE_WORDS[Rule(rule)]) if rule in list(Rule) else ""


def _carried_words(record: object) -> str:
    """The module, the mark, and where it is from."""
    if not isinstance(record, dict):
        return ""
    origin = record.get("from") or {}
    return " ".join(
        str(it) for it in (record.get("name"), record.get("mark"), origin.get("competition"))
    )


def _kind(record: AuditEntry) -> str:
    return say(recorded_word(record.after))


def _decided(record: AuditEntry) -> str:
    state = _after(record, "state")
    if not ranked_here():
        words = {"held": _("缓办认定"), "refused": _("不批准认定")}
        return words.get(str(state), _("批准认定"))
    if state == "held":
        return _("缓办晋升")
    return _("不批准晋升") if state == "refused" else _("批准晋升")


def _fields(record: AuditEntry, entrant: Entrant) -> list[ChangedField]:
    """The fields that a correction changed; numbers stand masked in the record already."""
    before = record.before if isinstance(record.before, dict) else {}
    after = record.after if isinstance(record.after, dict) else {}
    ladder = ladder_of(entrant.event)
    if record.action == "difficulty.set":
        was, names = before.get(entrant.code, {}), _aspect_names(entrant, record.subject)
        values = after["set"].get(entrant.code, {}).items()
        return [(names.get(aspect, aspect), was.get(aspect, "—"), it) for aspect, it in values]
    return [
        (
            _("等级") if key == "grade" and record.action == "grade.decide" else word,
            shown_value(key, before.get(key), ladder),
            shown_value(key, after[key], ladder)
            if before.get(key) != after[key]
            else _("%(shown)s（不显示的部分改了）", shown=shown_value(key, after[key], ladder)),
        )
        for key, word in field_words().items()
        if key in after
        and after[key] is not False
        and (before.get(key) != after[key] or _is_part_shown(key, after))
    ]


def _aspect_names(entrant: Entrant, title: str) -> dict[str, str]:
    """The aspects by code of the module that a record calls so."""
    return {
        aspect.code: aspect.name
        for stage in rules_of(entrant.event).stages
        for module in stage.modules
        if module_title(entrant.event, stage.code, module.code) == title
        for aspect in module.aspects
    }


def _is_part_shown(key: str, after: Collection[str]) -> bool:
    """Say if the shown value of a changed field may be the same before and after.

    A record has of a birth the month, of numbers the masked form. A birth that follows
    a new ID number is no change of its own.
    """
    return key in ("id_number", "phone") or (key == "birth" and "id_number" not in after)
