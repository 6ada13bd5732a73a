"""Every page that somebody reaches: accessible by WCAG 2.2 AA, no wider than a telephone, and quiet in the console.

Each role of the demo walks from the home page over every link it is shown. Pages are told apart by their address in the
URLconf and by the words of their query. A page is looked at in the browser if it is the first of its kind, or if it has
an element (a tag with its classes and attributes) that no page looked at before has.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import openpyxl
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.timezone import localdate

from junheng.documents import write_county
from junheng.web.access import ROLE_RULES, Role
from junheng.web.directory.models import RoleGrant, User
from junheng.web.records.jobs import run_due
from junheng.web.records.models import WebHook
from junheng.web.reporting.demo import Accounts, Size, prepare
from junheng.web.staffing import snapshot
from junheng.web.staffing.actions import intakes, rounds


def _beside(name: str) -> Any:
    """A module beside this file."""
    known = f"web_browser_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


looking = _beside("looking")
ON_REQUEST = pytest.mark.skipif(
    "JUNHENG_TEST_EVERY_PAGE" not in os.environ, reason="a quarter of an hour; see CONTRIBUTING.md"
)
LATER = {
    "account_inactive", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "account_set_password", "socialaccount_connections", "socialaccount_login_cancelled",
    "socialaccount_login_error", "openid_connect_login", "openid_connect_callback", "dingtalk_login",
    "dingtalk_callback", "feishu_login", "feishu_callback",
}  # fmt: skip
"""Stations on the way in, which show themselves when their turn comes; and outside logins, which a demo has not."""
FROM_ELSEWHERE = {
    "directory:organisation_reopen": "the page of a closed organisation leads to it",
    "directory:tie_end": "the page of a school with a pair entered online leads to it",
    "directory:user_code": "the page of an account that waits to be activated leads to it",
    "staffing:establishment_approve": "a plan leads to it once it is verified",
    "staffing:establishment_allocate": "a plan leads to it once it is approved",
    "staffing:establishment_file": "a plan leads to it once its posts are allotted",
    "staffing:not_in_post_enter": "the list leads to the same form with the person filled in",
    "staffing:contracts_enter": "the list leads to the same form with the person filled in",
    "staffing:hired_teachers_enter": "the list leads to the same form with the person filled in",
    "staffing:early_leave_enter_for": "the list leads to it once somebody is entered",
}
"""Pages to which a link leads only in a state that the walk does not meet, and in which."""


@dataclass
class Walk:
    """What a role reaches, and what went wrong on the way."""

    pages: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def signed_in(user: User | None) -> Client:
    """A browser of somebody who has just given his password, or of nobody."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "username": user.username}
        ]
        session.save()
    return client


def walk_as(role: str, user: User | None, *also: str) -> Walk:
    """Over every link that the person is shown, from the home page and from further pages of kinds that it sees."""
    client, walk = signed_in(user), Walk()
    waiting, opened, known = ["/", *also], set(), {"/", *also}
    while waiting:
        address = waiting.pop(0)
        kind = looking.kind_of(address)
        if kind is None or (kind in opened and address not in also):
            continue
        opened.add(kind)
        answer = client.get(address)
        walk.names.add(kind[0])
        if answer.status_code in {301, 302}:
            target = urljoin(address, answer["Location"])
            if target not in known:
                known.add(target)
                waiting.append(target)
            continue
        if answer.status_code != 200:
            walk.faults.append(f"{role}: {address} answers {answer.status_code}")
            continue
        page = looking.seen(role, user, address, answer)
        if page is None:
            continue
        list(get_messages(answer.wsgi_request))
        walk.pages.append(page)
        for target in page.links:
            if target not in known:
                known.add(target)
                waiting.append(target)
    return walk


@pytest.fixture
def demo(transactional_db: None, settings: Any, tmp_path: Path) -> dict[str, User]:
    """The small demo with work in hand, and an account for each role: the one with this role alone, if there is one."""
    settings.DEMO = True
    prepare(Size.SMALL, 1, Accounts.ROLES)
    found: dict[str, User] = {}
    for role in sorted(Role, key=lambda role: -len(ROLE_RULES[role].may)):
        held = RoleGrant.objects.in_force(localdate()).filter(role=role, deputises__isnull=True, user__is_active=True)
        accounts = [grant.user for grant in held.order_by("pk").select_related("user")]
        found[role.value] = min(accounts, key=lambda user: (user.grants.count(), user.pk))
    work_in_hand(found["bureau_clerk"], found["section_head"], found["system_admin"], tmp_path)
    return found


def work_in_hand(clerk: User, head: User, admin: User, folder: Path) -> None:
    """An intake with faults, one that waits to be confirmed, a foreign roster, a round, a document, a hook, keys."""
    county = clerk.organisation
    faulty, ready = folder / "错误.xlsx", folder / "整册.xlsx"
    write_county(snapshot.county_of(county, localdate()), ready)
    book = openpyxl.load_workbook(ready)
    for row in (3, 4):
        book["教师"].cell(row, 5).value = "昨天"
    book.save(faulty)
    book = openpyxl.load_workbook(ready)
    book["教师"].cell(5, 2).value = "改名"
    book.save(ready)
    foreign = folder / "花名册.csv"
    foreign.write_text("编号,教师名字,单位,任教科目\n1,张三,城关小学,语文\n", encoding="utf-8")
    for path in (faulty, ready, foreign):
        offer = intakes.Offer(
            organisation=county, file=BytesIO(path.read_bytes()), file_name=path.name, file_size=path.stat().st_size,
            key=path.name, whole=path == ready,
        )  # fmt: skip
        intakes.upload(offer, by=clerk)
    run_due()
    rounds.open_round(county, title="秋季核对", reckoned_on=localdate(), due=localdate(), by=clerk)
    document = rounds.register_document(county, title="编制申请", document_number="", plan=None, by=clerk)
    rounds.send_document(document, department="finance", sent_on=localdate(), by=clerk)
    hook = WebHook(name="短信", kind="sms", created_by=admin)
    hook.url = "https://sms.example.org/"
    hook.save()
    for user in (clerk, head):
        totp.TOTP.activate(user, totp.generate_totp_secret())
        RecoveryCodes.activate(user)
    for name in ("办公室", "家里"):
        Authenticator.objects.create(
            user=clerk, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
        )  # fmt: skip


def enter(context: Any, site: str, user: User | None, language: str) -> None:
    """Signs in, in a language; or out."""
    context.clear_cookies()
    if user is None:
        context.add_cookies([{"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
        return
    User.objects.filter(pk=user.pk).update(language=language)
    client = signed_in(user)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


@pytest.mark.slow
@ON_REQUEST
def test_every_page_of_the_demo_is_reached_by_links_accessible_and_fits_in_both_languages(
    demo: dict[str, User], live_server: Any, page: Any
) -> None:
    people: dict[str, User | None] = {"nobody": None, **demo}
    also = {
        "nobody": [reverse("account_login")],  # the home page leads there with ?next=
        "system_admin": [
            reverse("directory:organisation", args=[demo[each].organisation_id])
            for each in ("principal", "bureau_clerk")
        ],
        "security_admin": [reverse("directory:user", args=[demo["bureau_clerk"].pk])],
    }
    walks = {role: walk_as(role, user, *also.get(role, [])) for role, user in people.items()}
    faults = [fault for walk in walks.values() for fault in walk.faults]
    faults += [
        f"no link leads to {name}" for name in hidden_from(demo, set().union(*(w.names for w in walks.values())))
    ]
    news = looking.News()
    chosen = {role: [each for each in walk.pages if news.has(each)] for role, walk in walks.items()}
    for language in ("zh-hans", "en"):
        for role, user in people.items():
            enter(page.context, live_server.url, user, language)
            for seen in chosen[role]:
                answer = page.goto(live_server.url + seen.path)
                if answer.status != 200:
                    faults.append(f"{language} {role} {seen.path}: {answer.status}")
                    continue
                # Colours are the same in every language, and judging them takes four fifths of the time.
                found = looking.faults_on(page, colours=language == "zh-hans")
                faults += [f"{language} {role} {seen.path} {fault}" for fault in found]
    assert sum(map(len, chosen.values())) > 100
    assert not faults, "\n".join(faults)


def hidden_from(demo: dict[str, User], reached: set[str]) -> list[str]:
    """Addresses of pages to which no link leads; those of a year's later parts are in ``test_every_address.py``."""
    clients = [signed_in(user) for user in demo.values()]
    known = reached | looking.NO_PAGES | LATER | set(FROM_ELSEWHERE)
    found = pages_of(get_resolver(), "").items()
    return [
        name for name, path in found
        if name not in known and not name.startswith("rotation:") and not takes_posts_only(path, clients)
    ]  # fmt: skip


def pages_of(resolver: URLResolver, space: str) -> dict[str, str]:
    """Names of all addresses, each with an address of its kind; those with words of their own are left out."""
    found: dict[str, str] = {}
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            name = f"{space}{each.name}"
            try:
                found[name] = reverse(name, kwargs=dict.fromkeys(each.pattern.converters, "1"))
            except NoReverseMatch:
                continue
        else:
            found |= pages_of(each, f"{each.namespace}:" if each.namespace else space)
    return found


def takes_posts_only(address: str, clients: list[Client]) -> bool:
    """Whether nobody gets anything there by a link."""
    return any(client.get(address).status_code == 405 for client in clients)
