"""Words on missing arbiters and on decisions that wait for the chief judge, for several pages."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.models import Competition
from compete.services.appeals.rules import arbiters_of
from compete.services.kernel.appeal_terms import term_words
from compete.services.kernel.competition_settings import settings_of
from compete.web.language import say
from compete.web.templating import moment_in_sentence


def arbiters_lacking(competition: Competition) -> tuple[str, str] | None:
    """Say which arbiters are lacking and what to do; None if an appeal can be decided at once."""
    arbiters = arbiters_of(competition)
    if arbiters.there < arbiters.needed:
        what = _(
            "要 %(needed)s 位仲裁，现在 %(there)s 位", needed=arbiters.needed, there=arbiters.there
        )
        few = _("也可以改成 1 位同意就算。")
        return what, _card_words(competition) + (few if arbiters.needed > 1 else "")
    if arbiters.able_from is None:
        return _("仲裁的登录卡还没发"), _card_words(competition)
    if not arbiters.able:
        what = _("两位仲裁要到 %(at)s 才能一起定申诉", at=moment_in_sentence(arbiters.able_from))
        detail = _(
            "登录卡发了不满 24 小时，不能当第二位。成绩等那以后再公布，或者规程许可的话，"
            "在“申诉怎么办”里改成 1 位同意就算。"
        )
        return what, detail
    if not arbiters.head:
        return _("还没有总仲裁"), _("提请总仲裁的没有人定。由组委会加。")
    return None


def ordered_words(count: int) -> str:
    """Count the decisions that wait for the chief judge to put them onto the sheets."""
    return ngettext("%(num)s 件申诉的决定等裁判长执行", "%(num)s 件申诉的决定等裁判长执行", count)


def _card_words(competition: Competition) -> str:
    hours = settings_of(competition).appeals.answer_hours
    return _(
        "申诉 %(hours)s内要答复：提前一天加好、发好登录卡。",
        hours=say(term_words(competition, hours)),
    )
