"""The text of a PDF attachment is read to its corners and checked; what cannot be read is refused with advice."""

from __future__ import annotations

import io
import time
import zlib
from typing import Any

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import EncodedStreamObject, NameObject

from junheng.documents.report.letters import font_folder
from junheng.web.records.attachments import keeping
from junheng.web.rotation import pdf_text
from junheng.web.rotation.actions import notices
from junheng.web.rotation.models import NoticeStatus
from junheng.web.rotation.pdf_text import UnreadablePdfError, text_of_pdf
from junheng.web.rotation.privacy_lint import look_through, text_of
from junheng.web.staffing.refusal import RefusedError

DOT = (
    "#image(bytes((137,80,78,71,13,10,26,10,0,0,0,13,73,72,68,82,0,0,0,1,0,0,0,1,8,2,0,0,0,144,119,83,222,0,0,0,12,73,"
    "68,65,84,8,215,99,248,207,192,0,0,3,1,1,0,24,221,141,176,0,0,0,0,73,69,78,68,174,66,96,130)))"
)


def printed(*pages: str, title: str = "") -> bytes:
    """A PDF of these pages, in a Chinese font that is embedded."""
    source = "\n#pagebreak()\n".join(pages)
    head = f'#set document(title: "{title}")\n' if title else ""
    text = f'{head}#set text(font: "Noto Sans CJK SC")\n{source}'
    made: Any = typst.compile(text.encode(), font_paths=[font_folder()])
    return bytes(made)


def rewritten(content: bytes, change: Any) -> bytes:
    """The file with something done to it."""
    writer, held = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    change(writer)
    writer.write(held)
    return held.getvalue()


def remarked(text: str) -> Any:
    """Puts a comment on the first page."""
    return lambda writer: writer.add_annotation(0, FreeText(text=text, rect=(10, 10, 90, 40)))


def without_meaning(writer: PdfWriter) -> None:
    """Takes from the fonts what says which signs their glyphs are."""
    for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        font.get_object().pop(NameObject("/ToUnicode"), None)


CLEAN = printed("拟交流教师名单\n\n育才初级中学 3 人", "第二页 河东小学 2 人")


def test_every_page_is_read() -> None:
    text = text_of_pdf("名单.pdf", CLEAN)
    assert "拟交流教师名单" in text
    assert "第二页" in text
    assert list(look_through("名单.pdf", text)) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (printed("名单", "身份证 990101198505120028"), "身份证件号码"),
        (printed("#box(width: 2.6em)[电话 139 1234 5678]"), "电话号码"),
        (printed("#block(width: 1.2em)[因病假缺勤]"), "健康情况"),
        (printed("名单", title="受处分人员"), "处分和违纪情况"),
        (printed("= 受处分人员 <a>\n名单"), "处分和违纪情况"),
        (rewritten(CLEAN, remarked("请产假")), "健康情况"),
    ],
    ids=["on the second page", "over two lines", "one sign a line", "in the title", "in a bookmark", "in a comment"],
)
def test_what_must_not_be_public_is_found_in_a_pdf(content: bytes, kind: str) -> None:
    assert kind in {each.kind for each in look_through("名单.pdf", text_of("名单.pdf", content))}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (printed("名单", "#rect(width: 5cm, height: 5cm)"), "第 2 页没有可读的文字"),
        (rewritten(CLEAN, lambda writer: writer.add_blank_page(100, 100)), "第 3 页没有可读的文字"),
        (printed(f"名单 {DOT}"), "第 1 页有图片"),
        (rewritten(CLEAN, without_meaning), "第 1 页的文字无法可靠读出"),
        (rewritten(CLEAN, lambda writer: writer.encrypt("secret")), "打开密码"),
        (rewritten(CLEAN, lambda writer: writer.add_attachment("a.txt", b"990101198505120028")), "嵌入的文件"),
        (b"%PDF-1.7 nothing to read", "已损坏"),
        (CLEAN[: len(CLEAN) // 2], "已损坏"),
        (CLEAN.replace(b"/Pages", b"/Pagez"), "已损坏"),
        (b"", "已损坏"),
    ],
    ids=["no text", "blank", "picture", "letters", "locked", "embedded", "no pdf", "half", "no pages", "empty"],
)
def test_what_cannot_be_read_is_refused_with_advice_in_both_languages(content: bytes, match: str) -> None:
    with pytest.raises(UnreadablePdfError, match=match) as refused:
        text_of_pdf("名单.pdf", content)
    assert "请" in str(refused.value)
    with translation.override("en"), pytest.raises(UnreadablePdfError) as refused:
        text_of_pdf("名单.pdf", content)
    assert not set("请页不") & set(str(refused.value))


def test_an_owners_lock_alone_does_not_hinder_reading() -> None:
    held = rewritten(CLEAN, lambda writer: writer.encrypt("", "owner"))
    assert PdfReader(io.BytesIO(held)).is_encrypted
    assert "拟交流教师名单" in text_of_pdf("名单.pdf", held)


def test_size_pages_and_time_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadablePdfError, match="读取时间太长"):
        text_of_pdf("名单.pdf", CLEAN, seconds=0.001)
    monkeypatch.setattr(pdf_text, "MOST_PAGES", 1)
    with pytest.raises(UnreadablePdfError, match="页数或文字太多"):
        text_of_pdf("名单.pdf", CLEAN)
    monkeypatch.setattr(pdf_text, "MOST_BYTES", 100)
    with pytest.raises(UnreadablePdfError, match="太大"):
        text_of_pdf("名单.pdf", CLEAN)


def test_a_file_that_unpacks_to_very_much_ends_in_a_refusal() -> None:
    def swell(writer: PdfWriter) -> None:
        stream = EncodedStreamObject()
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        stream._data = zlib.compress(b" " * 200_000_000)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    swollen, began = rewritten(CLEAN, swell), time.monotonic()
    assert len(swollen) < 1_000_000
    with pytest.raises(UnreadablePdfError):
        text_of_pdf("名单.pdf", swollen)
    assert time.monotonic() - began < pdf_text.SECONDS


@pytest.mark.covers("R-169")
def test_a_pdf_with_text_is_published_with_its_notice_and_one_with_a_scan_is_not(shown: Any) -> None:
    clerk, head = shown.users["clerk"], shown.users["head"]
    made = notices.draft(shown.year, kind="quotas", words=shown.words, by=clerk, at=shown.at)
    with pytest.raises(RefusedError, match="没有可读的文字"):
        notices.attach(made, SimpleUploadedFile("扫描.pdf", printed("名单", "#rect()")), by=clerk)
    private = notices.draft(shown.year, kind="quotas", words=shown.words, by=clerk, at=shown.at)
    notices.attach(private, SimpleUploadedFile("附件.pdf", printed("曾受处分")), by=clerk)
    with pytest.raises(RefusedError, match=r"附件\.pdf"):
        notices.publish(private, by=head, at=shown.at)
    notices.attach(made, SimpleUploadedFile("名单.pdf", CLEAN), by=clerk)
    assert notices.publish(made, by=head, at=shown.at).status == NoticeStatus.PUBLISHED
    assert keeping.of(made).get().name == "名单.pdf"
