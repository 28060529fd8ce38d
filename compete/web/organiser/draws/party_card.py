"""A party's own link, made as it is asked for, for its phone to scan off the desk's screen."""

from __future__ import annotations

from unicodedata import normalize

from flask import request
from flask_login import current_user

from compete.models import DrawCeremony
from compete.services.kernel.refusal import Refused
from compete.services.schedule.party_links import make_party_link
from compete.web.addresses import public_url
from compete.web.language import say
from compete.web.organiser.draws.shapes import PartyCard


def party_card(ceremony: DrawCeremony) -> PartyCard:
    """The link of the party that the address names, or the empty form."""
    # As the link has it: the phone's seal is over the very letters.
    name = normalize("NFC", request.args.get("party", "")).strip()
    spare = "spare" in request.args
    if not name:
        return PartyCard()
    try:
        link = make_party_link(ceremony, name, spare=spare, by=current_user)
    except Refused as refused:
        return PartyCard(name=name, spare=spare, problem=say(refused.message))
    page = public_url("draws.seal", ceremony=ceremony.name, number=ceremony.number, name=name)
    # What stands behind the # is kept by the phone: no log of any server has it.
    return PartyCard(name=name, spare=spare, url=f"{page}#to={link}")
