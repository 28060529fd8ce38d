"""The blueprint on which the desk's views hang themselves."""

from flask import Blueprint, current_app, g

from compete.web.auth.second_step import send_those_without

face = Blueprint("organiser", __name__, url_prefix="/desk")
face.before_request(send_those_without)


@face.url_defaults
def of_this_competition(endpoint: str, values: dict[str, str]) -> None:
    """Use the shown page's competition for an address that names none."""
    if "competition" in g and current_app.url_map.is_endpoint_expecting(endpoint, "code"):
        values.setdefault("code", g.competition.code)
