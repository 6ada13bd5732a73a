"""Commands by name: each is loaded when it is asked for, its help is in the reader's language.

``junheng --help`` lists the commands and needs none of the libraries behind them, so it answers at once.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from junheng.cli.speaking import Voice, both, one_of_both

PANELS = {"zh": ("参数", "选项", "命令"), "en": ("Arguments", "Options", "Commands")}
_NO_COMMAND = re.compile(r"No such command '(.+?)'\.?(?: Did you mean (.+?)\?)?$")
_TOO_MANY = re.compile(r"Got unexpected extra argument\(?s?\)? \((.+)\)$")
HELP_OPTION = both("显示这份说明", "show this help")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is, and what it does, in both languages."""

    module: str
    function: str
    zh: str
    en: str

    def load(self, name: str, arguments: Sequence[str] = ()) -> TyperCommand:
        """The command, ready to run; ``arguments`` are the words of the whole call."""
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        function = getattr(import_module(self.module), self.function)
        app.command(name, cls=SpokenCommand, help=both(self.zh, self.en))(function)
        command: Any = typer.main.get_command(app)
        return command  # type: ignore[no-any-return]


class SpokenCommand(TyperCommand):
    """A command whose help is in one language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Prints the help in the language of the call."""
        lang = language_of(ctx.find_root().obj)
        arguments, options, _ = PANELS[lang]
        spoken = copy.copy(self)
        spoken.help = one_of_both(self.help or "", lang)
        spoken.params = [
            _said(param, lang, arguments if isinstance(param, TyperArgument) else options) for param in self.params
        ]
        _say_help_option(spoken, ctx, lang)
        TyperCommand.format_help(spoken, ctx, formatter)


class Catalogue(TyperGroup):
    """A group of commands that are loaded when they are called."""

    zh: str
    en: str

    def __init__(self, name: str, zh: str, en: str, entries: Mapping[str, Entry | Catalogue]) -> None:
        listed: dict[str, Any] = {key: TyperCommand(key, help=both(e.zh, e.en)) for key, e in entries.items()}
        super().__init__(name=name, commands=listed, help=both(zh, en), no_args_is_help=True)
        self.zh, self.en, self.entries = zh, en, entries

    def load(self, name: str, arguments: Sequence[str] = ()) -> TyperGroup:
        """The group itself."""
        return self

    def names_a_command(self, words: Sequence[str]) -> bool:
        """Whether the words call a command, or only a group of them, which has no options but ``--help``."""
        called = [(i, self.entries[word]) for i, word in enumerate(words) if word in self.entries][:1]
        return any(isinstance(e, Entry) or e.names_a_command(words[i + 1 :]) for i, e in called)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the words call, loaded."""
        name, _, rest = super().resolve_command(ctx, args)
        assert name is not None  # noqa: S101 - the line above raises for a command that is not listed
        return name, self.entries[name].load(name, ctx.find_root().obj or ()), rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Prints the list of commands in the language of the call."""
        lang = language_of(ctx.find_root().obj)
        _, options, commands = PANELS[lang]
        spoken = copy.copy(self)
        spoken.help = one_of_both(self.help or "", lang)
        spoken.commands = {
            key: TyperCommand(key, help=one_of_both(entry.help or "", lang), rich_help_panel=commands)
            for key, entry in self.commands.items()
        }
        _say_help_option(spoken, ctx, lang, options)
        TyperGroup.format_help(spoken, ctx, formatter)


def language_of(arguments: Sequence[str] | None) -> str:
    """The language that the words of a call ask for: ``--lang``, else JUNHENG_LANG, else Chinese."""
    words = [*(arguments or ()), ""]
    for word, following in pairwise(words):
        asked = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and asked in PANELS:
            return asked
    told = os.environ.get("JUNHENG_LANG", "")
    return told if told in PANELS else "zh"


def run(catalogue: Catalogue, arguments: Sequence[str]) -> int:
    """Runs the command that the words call and gives its exit code; a slip of the pen is explained, not traced."""
    words = [*arguments]
    voice = Voice(language_of(words), "--json" in words)
    if not catalogue.names_a_command(words):
        words = _without_language(words)
    try:
        try:
            code = catalogue.main(words, prog_name=catalogue.name, standalone_mode=False, obj=tuple(arguments))
        except typer.exceptions.TyperException as slip:
            _explain(voice, slip)
        except OSError as fault:
            place, why = fault.filename or "", fault.strerror or str(fault)
            voice.refuse(f"不能读写 {place}：{why}", f"cannot read or write {place}: {why}")
    except typer.Exit as end:
        code = end.exit_code
    return code if isinstance(code, int) else 0


def _without_language(words: list[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        if kept and kept[-1] == "--lang":
            kept.pop()
        elif not word.startswith("--lang="):
            kept.append(word)
    return kept


def _explain(voice: Voice, slip: typer.exceptions.TyperException) -> None:
    """Refuses a call that names no command, lacks an option or gives one a value that it cannot have."""
    message = slip.format_message()
    ctx, param = getattr(slip, "ctx", None), getattr(slip, "param", None)
    if ctx is not None and not message:
        raise typer.Exit(slip.exit_code)
    kind, hint = type(slip).__name__, param.get_error_hint() if param is not None else ""
    zh = {
        "MissingParameter": f"缺少 {hint}",
        "NoSuchOption": f"没有选项 {getattr(slip, 'option_name', '')}",
        "BadParameter": f"{hint} 的值不能用：{_wanted(param) or slip.message}",
    }.get(kind) or _in_chinese(message)
    path = ctx.command_path if ctx is not None else "junheng"
    details = [voice.text(f"用法见 {path} --help", f"see {path} --help")]
    voice.refuse(zh, message.replace("Value error, ", ""), details=details)


def _in_chinese(message: str) -> str:
    """A slip that concerns no option, in Chinese: no such command, a word too many."""
    if found := _NO_COMMAND.match(message):
        meant = f"；是不是 {found[2]}？" if found[2] else ""
        return f"没有命令 {found[1]}{meant}"
    if found := _TOO_MANY.match(message):
        return f"多出的内容：{found[1]}"
    return f"命令不能识别：{message}"


def _wanted(param: Any) -> str:
    """In Chinese, what an option takes; blank where only the library can tell."""
    taken = getattr(param, "type_descriptor", None)
    if taken is None:
        return ""
    if taken.is_choice:
        return f"应为 {'、'.join(str(each) for each in taken.choices)} 之一"
    kind = {int: "整数", float: "数字"}.get(taken.annotation, "")
    if not kind:
        return ""
    least, most = taken.parameter_info.min, taken.parameter_info.max
    bounds = [f"不小于 {least}" if least is not None else "", f"不大于 {most}" if most is not None else ""]
    return f"应为{kind}" + "".join(f"，{each}" for each in bounds if each)


def _said(param: Any, lang: str, panel: str) -> Any:
    spoken = copy.copy(param)
    spoken.help = one_of_both(param.help or "", lang)
    spoken.rich_help_panel = param.rich_help_panel or panel
    if isinstance(param, TyperOption) and param.metavar is None and not param.type_descriptor.is_choice:
        spoken.metavar = _kind(param.type_descriptor)
    return spoken


def _kind(described: Any) -> str:
    """One short word for what an option takes, so that the help has room."""
    if described.is_path:
        return "PATH"
    return {bool: "", int: "N", float: "X"}.get(described.annotation, "TEXT")


def _say_help_option(command: Any, ctx: Any, lang: str, panel: str | None = None) -> None:
    option = command.get_help_option(ctx)
    if option is not None:
        command._help_option = _said(option, lang, panel or PANELS[lang][1])
        command._help_option.help = one_of_both(HELP_OPTION, lang)
