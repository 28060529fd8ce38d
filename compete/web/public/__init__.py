"""What anyone may open: published results, badges, appeals from them, certificates, draws."""

# ruff: noqa: F401  (views hang themselves on the blueprint when they are loaded)
import compete.web.public.appeal
from compete.web.public.views import face

__all__ = ["face"]
