"""Signing in and out, and PINs."""

from compete.web.auth import choose
from compete.web.auth.views import face

__all__ = ["choose", "face"]
