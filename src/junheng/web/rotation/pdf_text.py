"""The text of a PDF, read by a child process within limits of size, pages, memory and time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _

_CHILD = Path(__file__).with_name("pdf_child.py")
MOST_BYTES, MOST_PAGES, MOST_CHARACTERS, SECONDS = 20_000_000, 200, 2_000_000, 20
_MEMORY = 1024**3
_APART = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""Room between two characters: a word that is broken over lines is one word to whoever reads it."""

_ENDS = re.compile(r"[^\S\n]*\n[^\S\n]*")


class UnreadablePdfError(ValueError):
    """A PDF whose text cannot be read to the end; the text says why and what to do."""


def text_of_pdf(name: str, content: bytes, seconds: float = SECONDS) -> str:
    """Everything that can be read in a PDF, comments and properties included.

    Raises :class:`UnreadablePdfError` for one that is too large, locked, broken or slow to read, and for one with a
    page whose words cannot be read: a scan, a picture, letters without a meaning.
    """
    if len(content) > MOST_BYTES:
        raise UnreadablePdfError(_why("large", name))
    answer = _answer(content, seconds)
    if "text" not in answer:
        raise UnreadablePdfError(_why(answer.get("refused", ""), name, answer.get("page", "")))
    return _APART.sub("", _ENDS.sub("\n", answer["text"]))


def _answer(content: bytes, seconds: float) -> dict[str, str]:
    command = [sys.executable, "-P", str(_CHILD.resolve()), str(MOST_PAGES), str(MOST_CHARACTERS)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter on our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        _bound(child.pid)
        try:
            said, _errors = child.communicate(content, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return {"refused": "slow"}
        except BrokenPipeError:
            return {"refused": "broken"}
    try:
        answer: dict[str, str] = json.loads(said)
    except ValueError:
        return {"refused": "broken"}
    return answer


def _bound(pid: int) -> None:
    """Limits the memory and the time of the child, which still waits for the file; where the system can."""
    with suppress(ImportError, AttributeError, ProcessLookupError):
        import resource  # noqa: PLC0415 - absent on Windows

        resource.prlimit(pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.prlimit(pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _why(reason: str, name: str, page: str = "") -> str:
    """Why a file cannot be checked, and what to do instead."""
    words = {
        "large": _("%(name)s 太大，不能检查；请压缩或拆分后再上传。"),
        "long": _("%(name)s 页数或文字太多，不能检查；请拆分后再上传。"),
        "slow": _("%(name)s 读取时间太长，不能检查；请上传生成它的 Word（docx）或 Excel（xlsx）原件。"),
        "locked": _("%(name)s 有打开密码，不能检查；请去掉密码后再上传。"),
        "embedded": _("%(name)s 里有嵌入的文件，其中的文字不能检查；请去掉后再上传。"),
        "scan": _(
            "%(name)s 第 %(page)s 页没有可读的文字（可能是扫描件），不能公示；"
            "请上传生成它的 Word（docx）或 Excel（xlsx）原件；只有纸质件的，请把内容录入 Word，或写进公示正文。"
        ),
        "picture": _(
            "%(name)s 第 %(page)s 页有图片，其中的文字（姓名、证件号码、电话）无法检查，不能公示；"
            "请去掉图片后重新导出，或上传 Word（docx）、Excel（xlsx）原件。"
        ),
        "letters": _(
            "%(name)s 第 %(page)s 页的文字无法可靠读出（字体没有编码表），不能公示；请从 Word 或 WPS 重新导出 PDF，"
            "或上传 Word（docx）、Excel（xlsx）原件。"
        ),
    }  # fmt: skip
    broken = _("%(name)s 已损坏，不能检查；请重新导出后再上传。")
    return words.get(reason, broken) % {"name": name, "page": page}
