"""Full addresses of pages, for paper, codes and links that leave the site."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context, request, url_for

from compete.config import Config
from compete.services.kernel.installation import Page, site_here

_ENDPOINTS = {
    Page.BADGE: "public.contestant",
    Page.ENTER: "public.enter",
    Page.RESULTS: "public.standings",
    Page.SIGN_IN: "auth.use_link",
    Page.SHEET: "organiser.paper_sheet",
    Page.VERIFY: "public.verify_link",
    Page.COMPETITION: "api_v1.competition",
    Page.DESK: "organiser.overview",
    Page.DESK_HOME: "organiser.competitions",
    Page.MESSAGES_OFF: "public.messages_off",
    Page.RECORD: "worker.own",
    Page.PUBLISHED_VERSION: "api_v1.publication",
}


def public_url(endpoint: str, **values: Any) -> str:
    """A full address: by the configured base address, else by this request's.

    In a job, where there is no request, by that of who asked for it.
    """
    if not has_request_context():
        return site_here() + current_app.url_map.bind("").build(endpoint, values)
    config: Config = current_app.extensions["compete.config"]
    if config.base_url:
        return config.base_url + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def asked_at() -> str:
    """The part that comes before each path in the full addresses of this request."""
    config: Config = current_app.extensions["compete.config"]
    if config.base_url:
        return config.base_url + request.script_root
    return request.root_url.rstrip("/")


def page_address(page: Page, **values: Any) -> str:
    """The full address of a page that services know by its name."""
    return public_url(_ENDPOINTS[page], **values)
