"""Marking schemes as workbooks: in the trade's form, and in the form of eleven columns."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader
from compete.sheets.scheme_aspects import MOST_LINES, Scheme, SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import rule_words
from compete.sheets.schemes.reading import read_scheme, says_scheme

if TYPE_CHECKING:
    from compete.sheets.schemes.writing import write_scheme

__all__ = [
    "MOST_LINES",
    "Scheme",
    "SchemeAspect",
    "SchemeForm",
    "SchemeLine",
    "read_scheme",
    "rule_words",
    "says_scheme",
    "write_scheme",
]

# openpyxl brings numpy and Pillow with it, 20 MB that most processes never need.
__getattr__ = loader(__name__, {"writing": ("write_scheme",)})
