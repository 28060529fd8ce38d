"""The `compete` command: finds the subcommand, and loads no more than that.

A subcommand is a module of `compete.commands`, with `_` for a hyphen, that has
`add_arguments(parser)` and `run(arguments)`, which returns the exit status. It
is named here with one line of help. One that must be quick may have
`plain_arguments(words)` too, which reads the usual words without argparse, and
answers None to any others.
"""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

from compete.commands.printing import refuse
from compete.domain.values.messages import Message, ToldError, listed, msg
from compete.language import LANGUAGES, say, use_language

if TYPE_CHECKING:
    from argparse import ArgumentParser

COMMANDS: Mapping[str, Message] = {
    "score": msg("算出一个竞赛文件的成绩"),
    "explain": msg("讲清一名选手或一个单位的每一分从哪里来"),
    "robust": msg("签字之前看成绩稳不稳"),
    "judges": msg("看裁判宽严：谁偏严、偏宽、越评越变，不改一分"),
    "series": msg("算一个系列：各级报的数，谁推荐到上一级"),
    "verify-proof": msg("验一条总账的证明：这一条在不在总账里"),
    "verify-credential": msg("验一张证书：签名、钥匙、有效期、是否撤销"),
    "exam": msg("算出理论考试的成绩"),
    "read": msg("读一张名单、评分表或打分表，说出读到什么、要问什么"),
    "packs": msg("列出规则包"),
    "schema": msg("打印竞赛文件或成绩文件的 JSON Schema"),
    "demo": msg("在本机启动演示，自带样例"),
    "serve": msg("启动网站"),
    "cert": msg("做局域网用的 HTTPS 证书，开放装根证书的那一页"),
    "load": msg("把竞赛文件载入数据库"),
    "export": msg("把数据库里的竞赛写成文件"),
    "verify": msg("查记录链和公布的成绩有没有被改过"),
    "audit": msg("把一场竞赛从头到尾查一遍，也和别处留着的检查点比"),
    "mirror": msg("替别人的总账留一份，历史改过就说出来"),
    "verify-draw": msg("把一份抽签文件重新算一遍"),
    "verify-dossier": msg("查一份竞赛档案：每个文件和清单对得上吗"),
    "bank": msg("查一个题库文件"),
    "paper": msg("从题库组一份试卷，或者查一份试卷"),
    "account": msg("建账号、发链接、列出、停用"),
    "token": msg("建、列出、收回接口的令牌"),
    "message": msg("发给人的消息：试一个通道，加要告诉的群"),
    "webhook": msg("有事告诉别的系统：加地址、列出、试、去掉"),
    "db": msg("升级或检查数据库"),
    "keys": msg("说出每把钥匙在哪里，对不对"),
    "rotate-key": msg("换掉加密身份证号的钥匙，全部重新加密"),
    "backup": msg("备份数据"),
    "move": msg("把全部数据搬到另一个数据库，搬完核对"),
    "doctor": msg("看看这套系统哪里不对"),
    "restore": msg("把备份恢复成这里的数据，前后都核对"),
    "generation": msg("数据库不用 restore 退回过：让平板把分数全部再送一遍"),
}

# Words of argparse, found by its own English.
_OWN_WORDS: Mapping[str, Message] = {
    "usage: ": msg("用法："),
    "positional arguments": msg("参数"),
    "options": msg("选项"),
    "subcommands": msg("子命令"),
    "show this help message and exit": msg("显示这段说明"),
    "%(prog)s: error: %(message)s\n": msg("%(prog)s：%(message)s\n"),
    "the following arguments are required: %s": msg("还缺：%s"),
    "unrecognized arguments: %s": msg("不认识：%s"),
    "expected one argument": msg("后面要写一个值"),
    "expected at least one argument": msg("后面至少要写一个值"),
    "invalid %(type)s value: %(value)r": msg("%(value)r 不对，要 %(type)s"),
    "invalid choice: %(value)r (choose from %(choices)s)": msg(
        "没有 %(value)r，可以写 %(choices)s"
    ),
    "not allowed with argument %s": msg("不能和 %s 一起写"),
    "argument %(argument_name)s: %(message)s": msg("%(argument_name)s：%(message)s"),
}

OK, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; return its exit status, 2 for words that make no sense."""
    if argv is None:
        # Modules stay to the end: to look for garbage among them again and again
        # is a sixth of a start.
        gc.set_threshold(20_000, 20, 20)
        _outlive_errors_of_stderr()
    _open_closed_streams()
    _show_what_can_be_shown()
    words = list(sys.argv[1:] if argv is None else argv)
    language = _take_option(words, "--lang")
    try:
        use_language(language)
    except KeyError as error:
        return refuse(
            msg(
                "没有这种语言：%(language)s，可以用 %(languages)s",
                language=error.args[0],
                languages=listed(LANGUAGES),
            )
        )
    if not words or words[0] in ("-h", "--help", "help"):
        print(_overview())
        return OK if words else WRONG
    if words[0] == "--version":
        from compete import __version__

        print(f"compete {__version__}")
        return OK
    name = words[0]
    if name not in COMMANDS:
        print(_overview(), file=sys.stderr)
        return refuse(msg("没有这个命令：%(name)s", name=name))
    return _run(name, words[1:])


def _open_closed_streams() -> None:
    """Take a standard stream that is closed for an empty one.

    The next file that is opened would take its number, and what is printed would go there.
    """
    for name, mode in ("stdin", "r"), ("stdout", "w"), ("stderr", "w"):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(nothing, mode, closefd=False))  # noqa: SIM115 - to the end


class _Lenient(FileIO):
    """A stream of which nobody is told that it takes nothing any more."""

    def write(self, content: Any, /) -> int:
        try:
            return super().write(content)
        except OSError:
            return len(content)


def _outlive_errors_of_stderr() -> None:
    """End as what was asked ends, though nobody reads why, or the disk it goes to is full."""
    if sys.stderr is not None:
        raw = _Lenient(sys.stderr.fileno(), "w", closefd=False)
        encoding = sys.stderr.encoding
        sys.stderr = TextIOWrapper(BufferedWriter(raw), encoding, line_buffering=True)


def _show_what_can_be_shown() -> None:
    """Show escapes on a terminal without Chinese, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run(name: str, words: list[str]) -> int:
    command = _load(module_of(name))
    try:
        status = command.run(_arguments(name, command, words))
        sys.stdout.flush()
        return int(status)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    except BrokenPipeError:
        # Whoever read the output has seen enough of it, as `head` does.
        sys.stdout = None
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        reason = (
            _told_by(error) or _lacks_room(error) or _is_damaged(error) or _wants_an_upgrade(error)
        )
        if reason is None:
            raise
        print(reason, file=sys.stderr)
        return FAILED


def _told_by(error: Exception) -> str | None:
    """Say an error in its own words; `compete.config`, if not loaded, has said nothing."""
    if isinstance(error, ToldError):
        return say(error.message)
    config = sys.modules.get("compete.config")
    return str(error) if config and isinstance(error, config.CannotStartError) else None


def module_of(name: str) -> str:
    """The module name of a subcommand."""
    return f"compete.commands.{name.replace('-', '_')}"


def _load(name: str) -> Any:
    """Load the module without two habits that cost a fifth of a short run's time.

    Loading makes many objects and no garbage, so none is looked for. And
    msgspec asks for `typing_extensions`, which loads half of the library, to
    get what `typing` has too: for that time it is not to be found.
    """
    modules: dict[str, Any] = sys.modules
    hidden = "typing_extensions"
    gc.disable()
    if hidden not in modules:
        modules[hidden] = None
    try:
        import msgspec  # noqa: F401
    finally:
        if modules[hidden] is None:
            del modules[hidden]
    try:
        return import_module(name)
    finally:
        gc.enable()


def _arguments(name: str, command: Any, words: list[str]) -> Any:
    """Read the command's arguments: by itself if it knows the words, else by argparse."""
    if hasattr(command, "plain_arguments"):
        arguments = command.plain_arguments(words)
        if arguments is not None:
            return arguments
    return _parser(name, command).parse_args(words)


def _parser(name: str, command: Any) -> "ArgumentParser":
    import argparse
    from argparse import ArgumentParser, HelpFormatter

    # It asks gettext, which has no catalogue of it here.
    setattr(argparse, "_", _own_words)  # noqa: B010 - the name is not in its type stub

    def formatter(prog: str) -> HelpFormatter:
        # Without a width it loads what measures terminals, for every option added.
        return HelpFormatter(prog, width=80)

    parser = ArgumentParser(
        prog=f"compete {name}", description=say(COMMANDS[name]), formatter_class=formatter
    )
    command.add_arguments(parser)
    return parser


def _own_words(text: str) -> str:
    """Translate a sentence of argparse's, with its holes."""
    message = _OWN_WORDS.get(text)
    return text if message is None else say(message)


def _take_option(words: list[str], option: str) -> str | None:
    """Take the value of an option that may stand anywhere out of the words."""
    for index, word in enumerate(words):
        if word == option and index + 1 < len(words):
            del words[index]
            return words.pop(index)
        if word.startswith(f"{option}="):
            return words.pop(index).partition("=")[2]
    return None


def _overview() -> str:
    """Write every subcommand with its line of help."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {say(text)}" for name, text in COMMANDS.items()]
    head = say(msg("用法：compete 命令 …（compete 命令 --help 看怎么用）"))
    return "\n".join([head, "", *lines, "", say(msg("--lang en 或 COMPETE_LANG=en 用英文"))])


def _lacks_room(error: Exception) -> str | None:
    """Say what to do if the disk is full, be it the system or the database that said so."""
    from compete.data_folder import is_full

    return say(msg("磁盘满了，没有写入。腾出空间再试")) if is_full(error) else None


def _is_damaged(error: Exception) -> str | None:
    """Say what to do if the database cannot read what it keeps."""
    errors = tuple(
        kind
        for module, name in (("sqlite3", "DatabaseError"), ("sqlalchemy.exc", "DBAPIError"))
        if (kind := getattr(sys.modules.get(module), name, None)) is not None
    )
    if not isinstance(error, errors):
        return None
    from compete.services.backups.integrity import damaged_words, is_damage

    cause = getattr(error, "orig", None) or error
    if not is_damage(cause):
        return None
    return say(damaged_words(msg("读的时候"), str(cause).splitlines()[0]))


def _wants_an_upgrade(error: Exception) -> str | None:
    """Say what to do if the database refused because its tables are older, or are not there."""
    sqlalchemy = sys.modules.get("sqlalchemy.exc")
    if sqlalchemy is None or not isinstance(error, sqlalchemy.DBAPIError):
        return None
    from compete import create_app
    from compete.commands.db import explain, schema_state

    state = schema_state(create_app())
    return None if state.current else explain(state)
