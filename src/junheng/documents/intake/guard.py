"""What is refused before anything is unpacked: size, kind of file, and the promises of a zip directory."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a workbook may cost. ``memory_bytes`` and ``cpu_seconds`` bind the child where the system can limit them."""

    file_bytes: int = 60 * _MEGABYTE
    parts: int = 200
    unpacked_bytes: int = 640 * _MEGABYTE
    ratio: float = 100.0
    ratio_from_bytes: int = 20 * _MEGABYTE
    cells: int = 24_000_000
    output_bytes: int = 600 * _MEGABYTE
    memory_bytes: int = 768 * _MEGABYTE
    cpu_seconds: int = 60
    wall_seconds: float = 120.0


class UnreadableWorkbook(ValueError):  # noqa: N818 - what the caller is told, not a kind of programming error
    """A file that cannot be read at all. ``zh`` and ``en`` say which file, why, and what to do."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        self.path = path
        self.zh = f"{path.name}：{zh}。"
        self.en = f"{path.name}: {en}."
        super().__init__(self.en)

    def message(self, lang: str = "zh") -> str:
        """The sentence in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


def check_size(path: Path, limits: Limits) -> None:
    """Refuse a missing, empty or oversized file without opening it."""
    if not path.is_file():
        raise UnreadableWorkbook(path, "找不到该文件，请检查路径", "no such file; check the path")
    size = path.stat().st_size
    if size == 0:
        raise UnreadableWorkbook(path, "文件是空的，请重新导出", "the file is empty; export it again")
    if size > limits.file_bytes:
        found, allowed = size // _MEGABYTE, limits.file_bytes // _MEGABYTE
        raise UnreadableWorkbook(
            path,
            f"文件有{found}MB，超过上限{allowed}MB，请删去图片和无关工作表或按学区分开",
            f"the file has {found} MB, more than {allowed} MB; remove pictures and unrelated sheets or split it",
        )


def check_workbook(path: Path, limits: Limits) -> None:
    """Refuse what is no xlsx workbook, and one whose zip directory promises too much.

    Up to ``ratio_from_bytes`` unpacked any compression is accepted, since the XML of an honest sheet compresses well.
    Raises :class:`UnreadableWorkbook`.
    """
    check_size(path, limits)
    _check_kind(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, OverflowError):
        raise UnreadableWorkbook(
            path,
            "文件不完整或已损坏，请重新下载或另存一份",
            "the file is truncated or damaged; download or save it again",
        ) from None
    _check_parts(path, [entry.filename for entry in entries], limits)
    _check_unpacked(path, sum(entry.file_size for entry in entries), limits)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _protected(path)


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8192)
        if head.startswith(_OLE2):
            raise _protected(path) if _ENCRYPTED_STREAM in head + file.read(_MEGABYTE) else _old_format(path)
    if head.startswith(b"PK"):
        return
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<div")):
        raise UnreadableWorkbook(
            path,
            "这是网页或XML文件，只是扩展名像表格，请用Excel或WPS打开后另存为 .xlsx",
            "this is a web page or XML file under a spreadsheet's name; open it in Excel or WPS and save it as .xlsx",
        )
    raise UnreadableWorkbook(
        path,
        "不是 .xlsx 工作簿，请另存为 .xlsx；如是文本表格请将扩展名改为 .csv",
        "this is no .xlsx workbook; save it as .xlsx, or name it .csv when it is a text table",
    )


def _protected(path: Path) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        path, "文件有打开密码，请取消密码后再提交", "the file is protected by a password; remove the password first"
    )


def _old_format(path: Path) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        path,
        "这是旧版 .xls（或 .et）格式，请用Excel或WPS另存为 .xlsx",
        "this is the old .xls (or .et) format; save it as .xlsx in Excel or WPS",
    )


def _check_parts(path: Path, names: list[str], limits: Limits) -> None:
    if len(names) > limits.parts:
        raise UnreadableWorkbook(
            path,
            f"压缩包内有{len(names)}个文件，超过上限{limits.parts}个，请删去图片和无关工作表",
            f"the package holds {len(names)} parts, more than {limits.parts}; remove pictures and unrelated sheets",
        )
    if "xl/workbook.xml" not in {name.lstrip("/").replace("\\", "/").casefold() for name in names}:
        raise UnreadableWorkbook(
            path,
            "是压缩文件但不是 .xlsx 工作簿，请另存为 .xlsx",
            "this is a zip file but no .xlsx workbook; save the workbook as .xlsx",
        )


def _check_unpacked(path: Path, unpacked: int, limits: Limits) -> None:
    packed = max(path.stat().st_size, 1)
    bomb = unpacked > limits.ratio_from_bytes and unpacked / packed > limits.ratio
    if unpacked > limits.unpacked_bytes or bomb:
        found, allowed = unpacked // _MEGABYTE, limits.unpacked_bytes // _MEGABYTE
        raise UnreadableWorkbook(
            path,
            f"解压后有{found}MB（上限{allowed}MB，压缩比上限{limits.ratio:g}倍），疑为压缩炸弹，已拒绝",
            f"it unpacks to {found} MB (at most {allowed} MB, {limits.ratio:g} times its size): refused as a zip bomb",
        )
