"""Headers that every answer carries."""

from __future__ import annotations

from flask import Flask, Response, g, make_response, request
from flask.typing import ResponseReturnValue

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

EVERYWHERE = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    # Not `no-referrer`: over HTTPS the check of forms wants to know that they are ours.
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
NOT_KEPT = ("Cache-Control", "no-store")
HIDDEN = ("/c/", "/r/", "/v/", "/hall/")
PUBLISHED = ("/p/", "/log/check/")
UNSEARCHED = ("X-Robots-Tag", "noindex, nofollow")
"""Header that tells search engines to leave out pages with a secret address, and published ones
unless the organiser lets them in."""

# Pages that read codes run WebAssembly of our own where the browser has no reader.
CAMERA_POLICY = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"


def with_camera(page: ResponseReturnValue) -> Response:
    """The page, allowed to run the reader of codes that it may fetch."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = CAMERA_POLICY
    return response


def init_app(app: Flask) -> None:
    """Add the security headers, and keep personal pages out of caches."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in EVERYWHERE:
            # Some pages add to the policy: they read codes, or ask whether HTTPS is trusted.
            response.headers.setdefault(name, value)
        if request.endpoint == "static" and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=3600"
        elif "Cache-Control" not in response.headers:
            response.headers.extend([NOT_KEPT])
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", "60")
        if is_unsearched():
            response.headers[UNSEARCHED[0]] = UNSEARCHED[1]
        return response


def let_search_engines_in() -> None:
    """Let search engines find the page that is being answered: its organiser wants that."""
    g.searchable = True


def is_unsearched() -> bool:
    """True if search engines are told to leave out what is being answered."""
    return request.path.startswith(HIDDEN) or (
        request.path.startswith(PUBLISHED) and not g.get("searchable", False)
    )
