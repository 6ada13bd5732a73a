"""The words of the fictional data, which are data and not the product's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("junheng.web.reporting.demo").joinpath("words.toml").read_text(encoding="utf-8"))


def word(section: str, name: str, *values: str) -> str:
    """A word, its places filled."""
    return _words()[section][name].format(*values)
