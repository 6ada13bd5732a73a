"""Files come in by what they are, lie where nobody guesses, and leave to whoever may see what they belong to."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from PIL import Image

from junheng.documents import results
from junheng.web.access import Permission
from junheng.web.records import attachments
from junheng.web.records.attachments import UnwelcomeFileError, examine
from junheng.web.records.models import Attachment, AuditEvent

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PAGE = b"<html><script>alert(1)</script></html>"
LIMIT = 20 * 1024**2


def picture(kind):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind, progressive=True)
    return file.getvalue()


def package(main, **more):
    """A Word or Excel file of the least content."""
    parts = {
        "docx": ("word/document.xml", "wordprocessingml.document"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    }
    name, kind = parts[main]
    declared = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    return zipped({"[Content_Types].xml": declared, name: "<x/>"} | more)


def zipped(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def real_workbook(folder):
    path = folder / "a.xlsx"
    column = results.ResultColumn(key="a", zh="甲", en="a")
    results.write_results(path, [results.Table(name_zh="表", name_en="t", columns=[column], rows=[["x"]])])
    return path.read_bytes()


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "B.JPEG", "a.png", "a.docx", "a.xlsx", "real.xlsx"])
def test_what_people_attach_comes_in_under_its_own_type(name, tmp_path):
    content = {
        "a.pdf": PDF, "a.jpg": picture("jpeg"), "B.JPEG": picture("jpeg"), "a.png": picture("png"),
        "a.docx": package("docx"), "a.xlsx": package("xlsx"), "real.xlsx": real_workbook(tmp_path),
    }[name]  # fmt: skip
    found = examine(name, content, LIMIT)
    assert found.content == content
    ending = {"jpeg": "jpg"}.get(name.split(".")[1].lower(), name.split(".")[1].lower())
    assert found.content_type == attachments.contents.TYPES[ending]
    assert found.name.endswith(f".{ending}")


def huge_png():
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


UNWELCOME = {
    "page": ("a.html", PAGE),
    "page named as a picture": ("a.png", PAGE),
    "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
    "svg named as a picture": ("a.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "program": ("a.pdf", b"MZ\x90\x00" + b"\0" * 100),
    "text": ("a.txt", b"hello"),
    "empty": ("a.pdf", b""),
    "wrong ending": ("a.png", PDF),
    "no ending": ("a", PDF),
    "two endings": ("a.pdf.html", PDF),
    "gif": ("a.gif", b"GIF89a" + b"\0" * 20),
    "cut picture": ("a.png", picture("png")[:-20]),
    "cut photograph": ("a.jpg", picture("jpeg")[:-2]),
    "picture with a wrong sum": ("a.png", picture("png").replace(b"IDAT", b"IDAU")),
    "flood of pixels": ("a.png", huge_png()),
    "signature only": ("a.jpg", b"\xff\xd8\xff\xe0"),
    "script in pdf": ("a.pdf", PDF.replace(b"<<>>", b"<</S /JavaScript /JS (app.alert(1))>>")),
    "page behind pdf": ("a.pdf", PDF + PAGE),
    "page before pdf": ("a.pdf", PAGE + PDF),
    "archive behind pdf": ("a.pdf", PDF + zipped({"a": "b"})),
    "archive": ("a.zip", zipped({"a.txt": "x"})),
    "archive named as a document": ("a.docx", zipped({"a.txt": "x"})),
    "macros": ("a.xlsx", package("xlsx", **{"xl/vbaProject.bin": "x"})),
    "excel named as word": ("a.docx", package("xlsx")),
    "bomb": ("a.xlsx", package("xlsx", **{"xl/media/x": "0" * 60_000_000})),
    "climbing": ("a.docx", package("docx", **{"../../x": "x"})),
    "behind archive": ("a.docx", package("docx") + PAGE),
    "damaged archive": ("a.docx", package("docx")[:-30]),
}


@pytest.mark.parametrize("what", UNWELCOME)
def test_what_is_none_of_these_is_refused_with_a_reason(what):
    name, content = UNWELCOME[what]
    with pytest.raises(UnwelcomeFileError) as fault:
        examine(name, content, LIMIT)
    assert str(fault.value.args[0]).endswith("。")


def test_what_lies_behind_a_picture_is_cut_off():
    for kind, name in (("png", "a.png"), ("jpeg", "a.jpg")):
        assert examine(name, picture(kind) + PAGE, LIMIT).content == picture(kind)


def test_too_large_a_file_is_refused(cast, settings):
    settings.UPLOAD_LIMITS = {"attachment": 1024}
    with pytest.raises(UnwelcomeFileError):
        attachments.store(SimpleUploadedFile("a.pdf", PDF + b"\n" * 2000), cast.county, by=cast.users["bureau_clerk"])
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/证明.pdf", "证明.pdf"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\x00\r\n\"'<b>.pdf", "a'b.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        (".pdf", "file.pdf"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(sent, kept):
    if sent == ".pdf":
        with pytest.raises(UnwelcomeFileError):
            examine(sent, PDF, LIMIT)
    else:
        assert examine(sent, PDF, LIMIT).name == kept


@pytest.fixture
def kept(cast, monkeypatch):
    """A file that belongs to 育才; whoever may see the school's teachers may have it."""
    from junheng.web.records.attachments import reach

    monkeypatch.setattr(reach, "_rules", {})

    @attachments.access("directory.organisation")
    def may_see(standing, key):
        return int(key) in standing.organisations(Permission.TEACHERS_VIEW)

    return attachments.store(SimpleUploadedFile("证明.pdf", PDF, "text/html"), cast.yucai, by=cast.users["principal"])


def test_a_file_lies_under_a_random_name_and_in_the_trail(cast, kept, tmp_path):
    assert [path.read_bytes() for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()] == [PDF]
    assert "证明" not in kept.stored_as
    assert len(kept.token) >= 32
    event = AuditEvent.objects.get(action="records.attachment.added")
    assert event.details["sha256"] == kept.sha256


def test_a_file_is_to_be_kept_and_never_shown_as_a_page(cast, kept):
    response = cast.client("principal").get(kept.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bureau_clerk", 200), ("cluster_head", 200), ("principal_of_hedong", 404), ("principal_of_xishan", 404),
        ("clerk_of_other_county", 404), ("teacher", 404), ("expired_clerk", 404), ("nobody", 404), ("audit_admin", 404),
    ],
)  # fmt: skip
def test_a_file_is_had_by_whoever_may_see_what_it_belongs_to(cast, kept, who, status):
    response = cast.client(who).get(kept.get_absolute_url())
    response.close()
    assert response.status_code == status


def test_no_rule_no_file(cast, kept, monkeypatch, client):
    from junheng.web.records.attachments import reach

    assert client.get(kept.get_absolute_url()).status_code == 302
    assert cast.client("principal").get(kept.get_absolute_url()[:-2] + "x/").status_code == 404
    monkeypatch.setattr(reach, "_rules", {})
    assert cast.client("principal").get(kept.get_absolute_url()).status_code == 404


def test_a_withdrawn_file_is_gone_for_everybody_and_stays_for_the_trail(cast, kept):
    attachments.withdraw(kept, by=cast.users["principal"], reason="传错了")
    assert cast.client("principal").get(kept.get_absolute_url()).status_code == 404
    assert default_storage.exists(kept.stored_as)
    assert list(attachments.of(cast.yucai)) == []


def test_a_file_whose_row_fails_is_not_left_behind(cast, monkeypatch, tmp_path):
    def fail(*_args, **_given):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        attachments.store(SimpleUploadedFile("a.pdf", PDF), cast.yucai, by=cast.users["principal"])
    assert [path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()] == []
    assert not Attachment.objects.exists()
