"""What anyone may open: results, badges, appeals, certificates, credentials, draws."""

# ruff: noqa: F401  (views hang themselves on the blueprint when they are loaded)
import compete.web.public.appeal
import compete.web.public.claims
import compete.web.public.consent
import compete.web.public.credentials
import compete.web.public.entering
import compete.web.public.look_up
import compete.web.public.views
from compete.web.public.blueprint import face

__all__ = ["face"]
