"""The judges' pages."""

from compete.web.judge import compare, field, withdraw
from compete.web.judge.views import face

__all__ = ["compare", "face", "field", "withdraw"]
