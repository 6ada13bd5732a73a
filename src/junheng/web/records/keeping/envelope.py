"""An archive under a passphrase: scrypt makes the key, AES-256-GCM seals it in parts that hold together."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from junheng.documents.faults import Phrase
from junheng.web.records.keeping.manifest import BadArchiveError

MAGIC = b"JUNHENG-SEALED-BACKUP\x00\x01\n"
NO_SUM = b"0" * 64
_PART, _TAG, _SALT, _PREFIX = 1024**2, 16, 16, 8


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def put_sum(path: Path) -> None:
    """Write the sum of the file over the 64 zeros that it ends with: no bit of it can change unnoticed."""
    found = _sum(path)
    with path.open("rb+") as file:
        file.seek(-len(NO_SUM), os.SEEK_END)
        file.write(found)


def has_sum(file: BinaryIO) -> bool:
    """Whether an open archive ends with its own sum."""
    file.seek(0, os.SEEK_END)
    if file.tell() < len(NO_SUM):
        return False
    file.seek(-len(NO_SUM), os.SEEK_END)
    told = file.read()
    return told == _sum_of(file)


def _sum(path: Path) -> bytes:
    with path.open("rb") as file:
        return _sum_of(file)


def _sum_of(file: BinaryIO) -> bytes:
    """SHA-256 of all but the last 64 bytes, in hexadecimal digits."""
    left = file.seek(0, os.SEEK_END) - len(NO_SUM)
    file.seek(0)
    hasher = hashlib.sha256()
    while left > 0 and (part := file.read(min(_PART, left))):
        hasher.update(part)
        left -= len(part)
    file.seek(0)
    return hasher.hexdigest().encode()


def is_sealed(path: Path) -> bool:
    """Whether the file lies under a passphrase."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def seal(source: Path, target: Path, passphrase: str) -> None:
    """Write the content of ``source`` sealed to ``target``."""
    salt, prefix = os.urandom(_SALT), os.urandom(_PREFIX)
    cipher = _cipher(passphrase, salt)
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + salt + prefix)
        part, number = plain.read(_PART), 0
        while True:
            following = plain.read(_PART)
            last = b"" if following else b"last"
            sealed.write(cipher.encrypt(prefix + number.to_bytes(4, "big"), part, MAGIC + last))
            if last:
                return
            part, number = following, number + 1


def unseal(source: Path, target: BinaryIO, passphrase: str) -> None:
    """Write the content again. Raises :class:`BadArchiveError` for a wrong passphrase or a damaged file."""
    with source.open("rb") as sealed:
        sealed.read(len(MAGIC))
        salt, prefix = sealed.read(_SALT), sealed.read(_PREFIX)
        if len(prefix) < _PREFIX:
            raise _unreadable()
        cipher = _cipher(passphrase, salt)
        part, number = sealed.read(_PART + _TAG), 0
        while True:
            following = sealed.read(_PART + _TAG)
            last = b"" if following else b"last"
            try:
                target.write(cipher.decrypt(prefix + number.to_bytes(4, "big"), part, MAGIC + last))
            except (InvalidTag, ValueError):
                raise _unreadable() from None
            if last:
                return
            part, number = following, number + 1


def _unreadable() -> BadArchiveError:
    return BadArchiveError(Phrase("口令不对，或备份文件已损坏", "the passphrase is wrong or the backup is damaged"))
