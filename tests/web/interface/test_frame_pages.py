"""Whole pages: the frame, sign-in, and what is shown when something goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django_vite.core.asset_loader import DjangoViteAssetLoader

import junheng.web.interface

TEMPLATES = Path(junheng.web.interface.__file__).parent / "templates"
FAULTS = ("400", "403", "403_csrf", "404", "405", "413", "429", "500", "503")
BLOCKS = ("title", "breadcrumbs", "heading", "actions", "content", "charts", "side")


@pytest.fixture
def frame() -> dict[str, Any]:
    return {
        "menu": [{"label": "教师", "url": "/teachers/", "icon": "users", "active": True}],
        "sections": [
            {
                "title": "组织机构",
                "entries": [
                    {
                        "label": "云山县",
                        "url": "/1",
                        "count": 3,
                        "open": True,
                        "children": [{"label": "育才小学", "url": "/2", "active": True}],
                    }
                ],
            }
        ],
        "unread": SimpleLazyObject(lambda: 7),
        "person": {"id": 1, "name": "李科长", "role": "人事科", "unit": "云山县教育局"},
    }


def framed(frame: dict[str, Any], **given: Any) -> str:
    context = {"frame": frame, "request": RequestFactory().get("/"), "user": AnonymousUser()} | given
    return render_to_string("interface/base.html", context)


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_of_a_fault_needs_nothing_and_leads_on(code: str, language: str):
    # Django renders 500.html without request or context processors.
    with translation.override(language):
        page = get_template(f"{code}.html").render()
    assert f">{code[:3]}<" in page
    assert 'class="btn btn-primary" href="/"' in page
    assert f'lang="{language}"' in page


@pytest.mark.parametrize("block", BLOCKS)
def test_the_frame_has_the_blocks_that_rooms_fill(block: str):
    template = f'{{% extends "interface/base.html" %}}{{% block {block} %}}<i>filled-{block}</i>{{% endblock %}}'
    page = Template(template).render(Context({"frame": {}}))
    assert f"<i>filled-{block}</i>" in page


def test_the_frame_shows_menu_tree_person_and_place(frame: dict[str, Any]):
    page = framed(frame, breadcrumbs=[{"label": "工作台", "url": "/"}, {"label": "教师"}], heading="教师")
    assert '<a class="top-link active" href="/teachers/" aria-current="page">教师</a>' in page
    assert 'aria-expanded="true"' in page
    assert "育才小学" in page
    assert "李科长 · 人事科" in page
    assert "<h1>教师</h1>" in page
    assert page.index('class="skip-link"') < page.index("<header")


def test_the_frame_keeps_to_the_content_policy(frame: dict[str, Any]):
    page = framed(frame)
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page
    assert "//" not in page.replace("http://www.w3.org", "")


def test_a_page_without_side_panel_leaves_it_empty(frame: dict[str, Any]):
    assert '<div class="side-own"></div>' in framed(frame | {"sections": []})


def test_pages_live_where_nothing_was_bundled(
    frame: dict[str, Any], settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: Any
):
    missing = {"dev_mode": False, "manifest_path": tmp_path / "manifest.json", "static_url_prefix": "bundle"}
    settings.DJANGO_VITE = {"default": missing}
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
    page = framed(frame)
    assert "main.js" not in page.split("</head>")[0]
    assert "not bundled" in caplog.text


def test_every_template_of_the_room_can_be_parsed():
    names = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]
    assert len(names) > 40
    unknown = []
    for name in names:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            unknown.append(name)
    assert unknown == []


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.django_db
def test_sign_in_looks_like_us_and_offers_no_sign_up(client: Any):
    page = client.get("/account/login/").content.decode()
    assert "plain-card" in page
    assert 'class="form-control"' in page
    assert "passkey_login" in page
    assert "/account/signup/" not in page
