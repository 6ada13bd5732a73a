"""What a file is by its content, and whether it may come in: PDF, JPEG, PNG, Word and Excel without macros.

The name and the type that a browser sends are believed in nothing. Each format is walked through, so that a file that
is also something else (a page hidden behind a picture, an archive behind a PDF) is refused or cut off.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext_lazy as _

_OOXML = "application/vnd.openxmlformats-officedocument."
_PIXELS = 60_000_000
_ENTRIES, _RATIO, _UNPACKED = 3000, 100, 200 * 1024**2
_EOF_WITHIN = 2048
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_ENDINGS = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "docx": "docx", "xlsx": "xlsx"}
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
}
"""What may come in, by the ending its name must have, and the type it is served as."""


class UnwelcomeFileError(ValueError):
    """A file that may not come in; the first argument is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may come in: its safe name, its type, and its content without anything behind its end."""

    name: str
    content_type: str
    content: bytes


def examine(name: str, content: bytes, limit: int) -> Examined:
    """What the file is. Raises :class:`UnwelcomeFileError` with the reason why it may not come in."""
    if not content:
        raise UnwelcomeFileError(_("文件是空的。"))
    if len(content) > limit:
        raise UnwelcomeFileError(_("文件过大，最多 %(most)s MB。") % {"most": limit // 1024**2})
    kind = _kind(content)
    check = _CHECKS.get(kind)
    if check is None:
        raise UnwelcomeFileError(
            _("只接受 PDF、JPEG、PNG、Word（docx）和 Excel（xlsx）文件；这个文件不是其中任何一种。")
        )
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    content = check(content)
    if kind == "zip":
        kind = _office_kind(content)
    if _ENDINGS.get(ending) != kind:
        raise UnwelcomeFileError(_("文件名的后缀与内容不符：内容是 %(kind)s。") % {"kind": kind})
    return Examined(safe_name(name, kind), TYPES[kind], content)


def safe_name(name: str, kind: str) -> str:
    """The last part of the name without signs that mean something to a file system or a page."""
    last = PurePosixPath(name.replace("\\", "/")).name
    stem = re.sub(r"[\x00-\x1f\x7f<>:\"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", "", last)
    stem = stem.rsplit(".", 1)[0].strip(". ")[:120] or "file"
    return f"{stem}.{kind}"


def _kind(content: bytes) -> str:
    """The format by its first bytes; the library also knows endings of it by many other names."""
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    try:
        found = puremagic.from_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return ""
    signatures = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jfif": b"\xff\xd8\xff", ".jpg": b"\xff\xd8\xff"}
    signatures |= {".jpeg": b"\xff\xd8\xff", ".jpe": b"\xff\xd8\xff"}
    if not content.startswith(signatures.get(found, b"\x00never")):
        return "jpg" if content.startswith(b"\xff\xd8\xff") else ""
    return "jpg" if found.startswith(".j") else found[1:]


def _broken() -> UnwelcomeFileError:
    return UnwelcomeFileError(_("文件不完整或已损坏，请重新导出或拍摄后再上传。"))


def _pdf(content: bytes) -> bytes:
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > _EOF_WITHIN or not re.match(rb"%PDF-[12]\.\d", content):
        raise _broken()
    if content[end + 5 :].strip(b"\r\n\0 \t"):
        raise _broken()
    if _ACTIVE_PDF.search(content) or b"PK\x03\x04" in content[:1024]:
        raise UnwelcomeFileError(_("PDF 中含有脚本或内嵌文件，请打印成不含这些内容的 PDF 后再上传。"))
    return content


def _png(content: bytes) -> bytes:
    at, first = 8, True
    while at + 12 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + size]
        check = int.from_bytes(content[at + 8 + size : at + 12 + size], "big")
        if len(body) != size or zlib.crc32(kind + body) != check or (first and (kind != b"IHDR" or size != 13)):
            raise _broken()
        if first:
            _measure(int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"))
        at, first = at + 12 + size, False
        if kind == b"IEND":
            return content[:at]
    raise _broken()


def _jpeg(content: bytes) -> bytes:
    at, measured = 2, False
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise _broken()
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            if not measured:
                raise _broken()
            return content[: at + 2]
        size = int.from_bytes(content[at + 2 : at + 4], "big")
        if size < 2 or at + 2 + size > len(content):
            raise _broken()
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            _measure(int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big"))
            measured = True
        at += 2 + size
        if marker == 0xDA:
            at = _after_scan(content, at)
    if measured and content[at : at + 2] == b"\xff\xd9":
        return content[: at + 2]
    raise _broken()


def _after_scan(content: bytes, at: int) -> int:
    """Where the next marker stands after the data of a scan, in which FF is followed by 00 or a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise _broken()
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        else:
            return at


def _measure(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise _broken()
    if width * height > _PIXELS:
        raise UnwelcomeFileError(_("图片过大，请缩小到 6000 万像素以内。"))


def _zip(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            end = content.rfind(b"PK\x05\x06")
            if len(content) != end + 22 + len(archive.comment):
                raise _broken()
            _bound(entries)
            for entry in entries:
                with archive.open(entry) as file:  # CRC and true size are found out by reading
                    while file.read(1024**2):
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as fault:
        if isinstance(fault, UnwelcomeFileError):
            raise
        raise _broken() from None
    return content


def _bound(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    odd = any(entry.flag_bits & 1 or ".." in entry.filename or entry.filename.startswith("/") for entry in entries)
    if len(entries) > _ENTRIES or unpacked > _UNPACKED or unpacked > _RATIO * max(packed, 10_000) or odd:
        raise UnwelcomeFileError(_("文件加密或展开后过大，不能接受。"))


def _office_kind(content: bytes) -> str:
    """Word or Excel by the main part that the package declares."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {entry.filename for entry in archive.infolist()}
        declared = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if (
        any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names)
        or b"macroEnabled" in declared
    ):
        raise UnwelcomeFileError(_("文件含有宏，请另存为不含宏的 docx 或 xlsx。"))
    if b"wordprocessingml.document.main+xml" in declared and "word/document.xml" in names:
        return "docx"
    if b"spreadsheetml.sheet.main+xml" in declared and "xl/workbook.xml" in names:
        return "xlsx"
    raise UnwelcomeFileError(_("压缩包不能作为附件，请上传其中的文件。"))


_CHECKS: dict[str, Callable[[bytes], bytes]] = {"pdf": _pdf, "png": _png, "jpg": _jpeg, "zip": _zip}
