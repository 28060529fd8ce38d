"""The blueprint on which the desk's views hang themselves."""

from flask import Blueprint

face = Blueprint("organiser", __name__, url_prefix="/desk")
