"""The blueprint on which the desk's views hang themselves."""

from flask import Blueprint

from compete.web.auth.second_step import send_those_without

face = Blueprint("organiser", __name__, url_prefix="/desk")
face.before_request(send_those_without)
