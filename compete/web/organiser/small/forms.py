"""The one form by which a small contest is made."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from compete.services.competitions.drafts import LONGEST_TITLE
from compete.services.competitions.small_contest import SmallContest, small_faults
from compete.services.competitions.small_lines import read_people, read_points
from compete.services.kernel.clock import local_today
from compete.web.language import say

_MOST_TYPED = 20_000


class SmallForm(FlaskForm):  # type: ignore[misc]
    """A name, a day, who, what, by how many judges, how many prizes."""

    name = StringField(
        _l("叫什么"), validators=[DataRequired(_l("名称要写")), Length(max=LONGEST_TITLE)]
    )
    day = DateField(_l("哪天"), validators=[InputRequired(_l("哪天比要写"))])
    people = TextAreaField(_l("谁来比"), validators=[Length(max=_MOST_TYPED)])
    points = TextAreaField(_l("比什么"), validators=[Length(max=_MOST_TYPED)])
    judges = IntegerField(_l("每人几名裁判评"), default=3)
    first = IntegerField(_l("一等奖"), default=1)
    second = IntegerField(_l("二等奖"), default=2)
    third = IntegerField(_l("三等奖"), default=3)
    drop = BooleanField(_l("去掉一个最高分、一个最低分（四名裁判起）"))
    as_written = BooleanField(_l("出场次序照写的，不随机排"))

    def __init__(self) -> None:
        super().__init__()
        if not self.is_submitted():
            self.day.data = local_today()

    def wanted(self) -> SmallContest:
        """What was typed; what is no number is none."""
        return SmallContest(
            name=" ".join((self.name.data or "").split()),
            day=self.day.data or local_today(),
            people=read_people(self.people.data or ""),
            points=read_points(self.points.data or ""),
            judges=self.judges.data or 0,
            prizes=(self.first.data or 0, self.second.data or 0, self.third.data or 0),
            drop=self.drop.data,
            as_written=self.as_written.data,
        )

    def faults(self, wanted: SmallContest) -> dict[str, list[str]]:
        """What is to be put right, by field."""
        found = {key: [say(it) for it in faults] for key, faults in small_faults(wanted).items()}
        if self.day.errors:
            found["day"] = [str(it) for it in self.day.errors]
        return found
