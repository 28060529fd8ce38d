"""A site with the page of the authority alone, for `compete cert --serve`.

It is plain HTTP and open to the whole network, so it has no database, no
accounts, no cookies and no key: there is nothing in it to attack.
"""

from __future__ import annotations

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from compete.config import Config
from compete.resources import resource_dir
from compete.web import guard, headers, language, templating
from compete.web.assets import stylesheets
from compete.web.errors import sentence_for
from compete.web.trust.views import face


def make_site(config: Config) -> Flask:
    """An application that answers `/ca` and what that page is made of."""
    site = Flask(
        "compete",
        template_folder=str(resource_dir("templates")),
        static_folder=str(resource_dir("static")),
    )
    site.config["BABEL_DEFAULT_LOCALE"] = "zh_Hans_CN"
    site.extensions["compete.config"] = config
    language.init_app(site)
    templating.init_app(site)
    stylesheets.init_app(site)
    guard.init_app(site)
    headers.init_app(site)
    site.register_blueprint(face)

    @site.get("/")
    @guard.public
    def index() -> ResponseReturnValue:
        return redirect(url_for("trust.ca"))

    @site.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        page = render_template("error.html", status=status, sentence=sentence_for(status))
        return page, status

    return site
