"""The machine on which figures were measured, in words: no name of a host, no path, no date."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

HEADING = "## Machine"


def described(versions: Mapping[str, str]) -> list[str]:
    """A section in Markdown: processor, memory, system, and the versions of what ran."""
    packages = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return [
        HEADING,
        "",
        f"- processor: {processor()}, {os.cpu_count()} cores, {platform.machine()}",
        f"- memory: {memory()}",
        f"- system: {system()}",
        f"- Python {platform.python_version()}" + (f"; {packages}" if packages else ""),
    ]


def processor() -> str:
    """The model of the processor."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() in ("model name", "Model") and value.strip():
                return value.strip()
    return platform.processor() or "unknown processor"


def memory() -> str:
    """Physical memory."""
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:
        return "unknown"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1024**3:.1f} GiB"


def system() -> str:
    """The operating system and its release."""
    if sys.platform == "linux":
        try:
            return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
        except OSError:
            return "Linux"
    return f"{platform.system()} {platform.release()}"
