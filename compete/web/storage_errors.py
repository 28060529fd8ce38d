"""Errors of a full disk or a database that cannot be written to: in words, logged once a minute."""

from __future__ import annotations

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from compete.data_folder import is_full
from compete.services.kernel.file_store import StoreAwayError
from compete.web.errors import answer, sentence_for
from compete.web.log_throttle import say_once_a_minute

_READ_ONLY = ("readonly database", "read-only transaction", "unable to open database file")
_AWAY = ("connection", "server closed", "starting up", "shutting down")


def init_app(app: Flask) -> None:
    """Install the handlers."""

    @app.errorhandler(OperationalError)
    def on_database(error: OperationalError) -> ResponseReturnValue:
        text = str(error.orig)
        if is_full(error.orig or error):
            return _full(text)
        if any(words in text for words in _READ_ONLY):
            say_once_a_minute(f"the database cannot be written to: {text}")
            return answer(
                503, _("数据库写不了，这一步没有写入。分数还在平板上，管理员修好以后自动上传")
            )
        if any(words in text for words in _AWAY):
            say_once_a_minute(f"the database does not answer: {text}")
            return answer(
                503, _("数据库没有回应，这一步没有写入。分数还在平板上，恢复以后自动上传")
            )
        current_app.logger.exception("a statement failed")
        return answer(500, sentence_for(500))

    @app.errorhandler(StoreAwayError)
    def on_file_store(error: StoreAwayError) -> ResponseReturnValue:
        say_once_a_minute(f"the file store does not answer: {error}")
        return answer(503, _("文件库没有回应，这一步没有写入。平板上的照片还在，恢复以后自动上传"))

    @app.errorhandler(OSError)
    def on_disk(error: OSError) -> ResponseReturnValue:
        if is_full(error):
            return _full(str(error))
        current_app.logger.exception("the system refused something")
        return answer(500, sentence_for(500))


def _full(text: str) -> ResponseReturnValue:
    say_once_a_minute(f"the disk is full: {text}")
    return answer(507, _("磁盘满了，这一步没有写入。分数还在平板上，腾出空间以后自动上传"))
