"""Errors in words, as a page or, for the tablet's calls, as JSON."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from compete.documents.errors import DocumentError
from compete.domain.values.states import MoveError
from compete.models import db
from compete.services.accounts.sessions import is_of_no_part
from compete.services.kernel.refusal import Refused
from compete.web.draining import drain
from compete.web.extensions import login
from compete.web.language import say
from compete.web.log_throttle import say_once_a_minute
from compete.web.problems import is_for_systems, plain_problem
from compete.web.refusals import status_of
from compete.web.upload_limit_words import limit_words, size_words


def sentence_for(status: int) -> str:
    """Explain a status to the person who meets it."""
    if status == 413:
        return _too_large()
    words = {
        400: _("这次提交不完整，请回到上一页再试"),
        401: _("请先登录"),
        403: _("这个页面不归你管"),
        404: _("没有这个页面"),
        405: _("这个地址不能这样打开"),
        409: _("别人刚刚改过，请刷新后再看"),
        410: _("这个链接已经用过或过期了"),
        429: _("太频繁了，等一分钟再试"),
        500: _("系统出了错，已记下。填过的内容没有写入"),
    }
    return words.get(status, words[500] if status >= 500 else words[400])


def _too_large() -> str:
    """Name the passed limit: of all that is sent, or of typed text."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    if request.content_length is None or request.content_length > most:
        return _("文件太大了，最大 %(limit)s", limit=limit_words())
    return _(
        "填的内容太多：一格最多 %(limit)s，一共最多 %(most)s 格。分几次存",
        limit=size_words(request.max_form_memory_size or 0),
        most=request.max_form_parts,
    )


def _wants_json() -> bool:
    """Calls of the tablet's scripts, and of the page of entry's, are answered in JSON."""
    return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"


def by_script() -> bool:
    """True if a page's own script sends its form: it wants JSON and keeps the page."""
    return request.headers.get("X-Requested-With") == "fetch"


def answer(status: int, sentence: str, *, advice: bool = True) -> ResponseReturnValue:
    """An error as its asker wants it; without `advice` where the sentence says all there is."""
    if is_for_systems(request):
        return plain_problem(status, sentence)
    if _wants_json():
        return jsonify(error=sentence), status
    if by_script():
        return jsonify(problem=sentence), status
    if status >= 500:
        # What failed may be what every page needs, such as the database.
        return _plain_page(status, sentence)
    return _page(status, sentence, advice=advice), status


def sign_in_again() -> ResponseReturnValue:
    """Tell a tablet that its session is over: `over` if its judge has no seat any more."""
    token = session.get("_user_id")
    if request.blueprint == "api" and isinstance(token, str) and is_of_no_part(token):
        return seat_is_over(401)
    return jsonify(error=_("请重新登录，分数都在本机")), 401


def seat_is_over(status: int) -> ResponseReturnValue:
    """Tell a tablet that its page is of a seat that somebody else has by now."""
    return jsonify(error=_("席位已经换给别人，没上传的在本机"), over=True), status


def _plain_page(status: int, sentence: str) -> ResponseReturnValue:
    """The error's page, or its sentence alone when not even that can be drawn."""
    try:
        db.session.rollback()
        return _page(status, sentence), status
    except Exception:
        say_once_a_minute("the page of an error could not be drawn", traceback=True)
        return Response(sentence, status, mimetype="text/plain")


def _page(status: int, sentence: str, *, advice: bool = True) -> str:
    return render_template(
        "error.html",
        status=status,
        sentence=sentence,
        advice=advice,
        back=way_back(),
        above=_page_above() if status == 405 else None,
    )


def way_back() -> str | None:
    """The page of this site where the refused act was asked for, or None."""
    came = urlsplit(request.referrer or "")
    if request.method == "GET" or came.netloc != request.host or not came.path.startswith("/"):
        return None
    # A path that begins with two slashes would be read as another host.
    path = "/" + came.path.lstrip("/")
    # A form that came back once stands at the address it is sent to, which may be no page.
    if not current_app.url_map.bind(request.host).test(path, "GET"):
        return None
    return f"{path}?{came.query}" if came.query else path


def _page_above() -> str | None:
    """The next page up from the address of a form, which a browser that starts again asks for."""
    known = current_app.url_map.bind(request.host)
    path = request.path
    while path := path.rstrip("/").rpartition("/")[0]:
        # So is one to which a slash at its end is added.
        if known.test(path, "GET"):
            return path
    return None


def init_app(app: Flask) -> None:
    """Install the handlers."""

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        if status == 413:
            drain()
        response = app.make_response(answer(status, sentence_for(status)))
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        return response

    @app.errorhandler(CSRFError)
    def on_csrf(error: CSRFError) -> ResponseReturnValue:
        if "referrer" in str(error.description):
            return answer(
                400,
                _(
                    "地址对不上：浏览器打开的是 %(came)s，程序收到的是 %(here)s。"
                    "请管理员看看反向代理有没有把主机名和端口传过来",
                    came=urlsplit(request.referrer or "").netloc or "-",
                    here=request.host,
                ),
            )
        return answer(400, _("页面放得太久了，请刷新后再提交一次"))

    @app.errorhandler(Refused)
    def on_refused(error: Refused) -> ResponseReturnValue:
        status = status_of(error)
        # Whom a rule keeps out is helped by no further role.
        return answer(status, say(error.message), advice=status != 403)

    @app.errorhandler(IntegrityError)
    def on_conflict(error: IntegrityError) -> ResponseReturnValue:
        # Two did the same at the same moment, and the database let one of them.
        current_app.logger.warning("conflict: %s", error.orig.__class__.__name__)
        db.session.rollback()
        return answer(409, sentence_for(409))

    @app.errorhandler(DocumentError)
    def on_document(error: DocumentError) -> ResponseReturnValue:
        return answer(409, say(error.message))

    @app.errorhandler(MoveError)
    def on_move(error: MoveError) -> ResponseReturnValue:
        return answer(409, say(error.message))

    @login.unauthorized_handler  # type: ignore[untyped-decorator]
    def on_unauthorized() -> ResponseReturnValue:
        if _wants_json():
            return sign_in_again()
        if by_script():
            return answer(401, _("登录已经结束，重新登录再交；填的还在这一页"))
        # The way back is a page, not an act that was asked for: of an act the page with its form.
        if request.method == "GET":
            return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
        return redirect(url_for("auth.sign_in", next=way_back(), over=1))
