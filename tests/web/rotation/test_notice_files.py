"""Files of a notice are read before a row is held; what is published is what was read, or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import racing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from docx import Document

from junheng.web.records.attachments import keeping
from junheng.web.rotation import publishing
from junheng.web.rotation.actions import notices
from junheng.web.rotation.models import NoticeStatus, PhaseKind, PublicNotice
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)


def words(text: str) -> bytes:
    """A Word file of one paragraph."""
    document, held = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(held)
    return held.getvalue()


CLEAN, PRIVATE = words("育才初级中学 3 人"), words("曾受处分")


@pytest.fixture
def drafted(cast: Any, make_year: Any, light: Any) -> PublicNotice:
    """A notice of quotas with one file, not published yet."""
    year = make_year(PhaseKind.NOTICE)
    made = notices.draft(year, kind="quotas", words=light.WORDS, by=cast.users["bureau_clerk"])
    attach(cast, made, "指标.docx", CLEAN)
    return made


def attach(cast: Any, notice: PublicNotice, name: str, content: bytes) -> None:
    """The clerk adds a file."""
    notices.attach(notice, SimpleUploadedFile(name, content), by=cast.users["bureau_clerk"])


def publish(cast: Any, notice: PublicNotice) -> PublicNotice:
    """The section head publishes."""
    return notices.publish(notice, by=cast.users["section_head"])


@pytest.fixture
def after_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Lets something be done from beginning to end, on a connection of its own, when the files have just been read."""
    plain = notices.read_files

    def arrange(doing: Callable[[], Any]) -> None:
        def read(notice: PublicNotice) -> Any:
            found = plain(notice)
            answers = racing.at_once(doing)
            assert not any(isinstance(each, Exception) for each in answers), answers
            return found

        monkeypatch.setattr(notices, "read_files", read)

    return arrange


def test_no_file_is_read_while_a_row_is_held(cast: Any, drafted: PublicNotice, monkeypatch: pytest.MonkeyPatch) -> None:
    held, plain = [], publishing.text_of

    def watched(name: str, content: bytes) -> str:
        held.append(connection.in_atomic_block)
        return plain(name, content)

    monkeypatch.setattr(publishing, "text_of", watched)
    monkeypatch.setattr(notices, "text_of", watched)
    attach(cast, drafted, "说明.docx", CLEAN)
    assert publish(cast, drafted).status == NoticeStatus.PUBLISHED
    assert held == [False] * 3


@pytest.mark.covers("R-169")
@pytest.mark.parametrize("content", [CLEAN, PRIVATE], ids=["clean", "private"])
def test_a_file_that_comes_after_the_reading_is_not_published_unread(
    cast: Any, drafted: PublicNotice, after_reading: Any, content: bytes
) -> None:
    after_reading(lambda: attach(cast, drafted, "补充.docx", content))
    with pytest.raises(RefusedError, match="再发布一次"):
        publish(cast, drafted)
    drafted.refresh_from_db()
    assert (drafted.status, drafted.rows_digest) == (NoticeStatus.DRAFT, "")


def test_who_tries_again_publishes_what_was_read_then(
    cast: Any, drafted: PublicNotice, after_reading: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context():
        after_reading(lambda: attach(cast, drafted, "补充.docx", CLEAN))
        with pytest.raises(RefusedError):
            publish(cast, drafted)
    monkeypatch.setattr(notices, "read_files", publishing.read_files)
    assert publish(cast, drafted).status == NoticeStatus.PUBLISHED
    assert keeping.of(drafted).count() == 2
    assert publishing.faults_of(PublicNotice.objects.get()) == []


def test_without_the_comparison_a_private_file_would_be_published(
    cast: Any, drafted: PublicNotice, after_reading: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "is_still", lambda *_given: True)
    after_reading(lambda: attach(cast, drafted, "补充.docx", PRIVATE))
    assert publish(cast, drafted).status == NoticeStatus.PUBLISHED
    assert publishing.read_files(drafted).found


def test_a_number_that_is_no_longer_the_offices_is_not_let_through(
    cast: Any, drafted: PublicNotice, after_reading: Any, light: Any
) -> None:
    other = light.WORDS | {"phone": "0990-8000000"}
    after_reading(lambda: notices.rewrite(drafted, words=other, by=cast.users["bureau_clerk"]))
    with pytest.raises(RefusedError, match="再发布一次"):
        publish(cast, drafted)


def test_a_file_that_is_not_what_was_uploaded_is_not_published(cast: Any, drafted: PublicNotice) -> None:
    kept = keeping.of(drafted).get()
    with default_storage.open(kept.stored_as, "wb") as stored:
        stored.write(words("换过的"))
    with pytest.raises(RefusedError, match="与上传时不一致"):
        publish(cast, drafted)


def test_nothing_is_added_to_a_notice_that_is_published_while_the_file_is_read(
    cast: Any, drafted: PublicNotice, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = notices.text_of

    def slow(name: str, content: bytes) -> str:
        racing.at_once(lambda: publish(cast, drafted))
        return plain(name, content)

    monkeypatch.setattr(notices, "text_of", slow)
    with pytest.raises(RefusedError, match="已发布的公示不能修改"):
        attach(cast, drafted, "补充.docx", CLEAN)
    assert [each.name for each in keeping.of(drafted)] == ["指标.docx"]
    assert publishing.faults_of(PublicNotice.objects.get()) == []
