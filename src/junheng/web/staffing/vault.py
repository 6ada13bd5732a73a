"""Files with personal data on their way in or out: sealed on disk, opened only for as long as somebody reads them.

Each piece of a file is AES-256-GCM under a key of the environment, bound to its place, so that a file that was cut off
or put together anew does not open.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_PIECE = 1024 * 1024
_NONCE = 12
_HEAD = struct.Struct(">I?")
_STALE_SECONDS = 6 * 3600


class UnreadableFileError(ValueError):
    """A kept file that is missing, was changed, or whose key is not configured."""


def _place(name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        raise UnreadableFileError("no such file")
    return Path(settings.DATA_DIR) / "vault" / name[:2] / name


def keep(source: BinaryIO) -> str:
    """Seal a file; gives the random name by which it is opened again."""
    name = secrets.token_hex(16)
    place = _place(name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_name, key = next(iter(settings.FIELD_KEYS.items()))
    cipher = AESGCM(key)
    temporary = place.with_suffix(".part")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(f"{key_name}\n".encode())
        number, piece = 0, source.read(_PIECE)
        while True:
            following = source.read(_PIECE) if piece else b""
            last = not following
            nonce = os.urandom(_NONCE)
            sealed = nonce + cipher.encrypt(nonce, piece, _bound(name, number, last=last))
            file.write(_HEAD.pack(len(sealed), last) + sealed)
            if last:
                break
            number, piece = number + 1, following
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(place)
    return name


def pieces(name: str) -> Iterator[bytes]:
    """The file again, piece by piece. Raises :class:`UnreadableFileError`."""
    place = _place(name)
    try:
        with place.open("rb") as file:
            key = settings.FIELD_KEYS.get(file.readline().decode().strip())
            if key is None:
                raise UnreadableFileError("its key is not configured")
            cipher, number, last = AESGCM(key), 0, False
            while not last:
                length, last = _HEAD.unpack(file.read(_HEAD.size))
                sealed = file.read(length)
                yield cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(name, number, last=last))
                number += 1
    except (OSError, struct.error, InvalidTag, UnicodeDecodeError, ValueError) as fault:
        if isinstance(fault, UnreadableFileError):
            raise
        raise UnreadableFileError("the file is missing or was changed") from fault


@contextmanager
def opened(name: str, file_name: str) -> Iterator[Path]:
    """The file under its own name in a folder of its own, which is gone afterwards."""
    with workplace() as folder:
        path = folder / safe_name(file_name)
        with path.open("wb") as file:
            for piece in pieces(name):
                file.write(piece)
        yield path


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder that nobody else can read and that is gone afterwards; what an earlier crash left is cleared first."""
    above = Path(settings.DATA_DIR) / "work"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in above.iterdir():
        if time.time() - each.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(each, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=above) as folder:
        yield Path(folder)


def drop(name: str) -> None:
    """Remove a kept file; one that is gone already is no fault."""
    if name:
        _place(name).unlink(missing_ok=True)


def safe_name(file_name: str) -> str:
    """The last part of a file name without what no file name may hold, its ending kept."""
    last = re.split(r"[/\\]", file_name)[-1]
    plain = "".join("_" if ord(mark) < 32 or mark in '<>:"|?*' else mark for mark in last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:80]}.{ending[:10]}" if dot and stem else (plain[:80] or "file")


def _bound(name: str, number: int, *, last: bool) -> bytes:
    return f"{name}:{number}:{int(last)}".encode()
