"""Taking one's consent back on the badge's own page: the name is masked from then on."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from compete.services.registration.badges import holder_of
from compete.services.registration.consents import OWN, has_consented, set_consent
from compete.web import guard
from compete.web.pages import of_code
from compete.web.public.badge import people_behind
from compete.web.public.blueprint import face
from compete.web.public.views import no_badge


# It needs no session: the badge's link says whose page it is, and all it can do is to mask a name.
@face.post("/c/<token>/consent")
@guard.public_post("10 per minute")
def withdraw_consent(token: str) -> ResponseReturnValue:
    """Take the holder's consent back; giving it again is for the desk."""
    badge = holder_of(token)
    if badge is None:
        return no_badge(token)
    code = request.form.get("of", badge.code)
    holder = of_code(people_behind(badge), code)
    if has_consented(holder):
        set_consent(holder, False, OWN, None)
    return redirect(url_for("public.contestant", token=token, _anchor="consent"))
