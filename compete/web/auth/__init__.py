"""Signing in and out, and PINs."""

from compete.web.auth import account, choose, invitations, second_step
from compete.web.auth.views import face

__all__ = ["account", "choose", "face", "invitations", "second_step"]
