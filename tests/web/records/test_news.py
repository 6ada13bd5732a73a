"""People are told in their own language, in the application, by e-mail and through web hooks, and never twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from junheng.web.records import hooks as web_hooks
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent, Delivery, DeliveryStatus, Job, Notification, WebHook
from junheng.web.records.notifying import notify, unread_count

KIND = "records.list.exported_much"
SAYS = gettext_noop("%(name)s（%(account)s）一小时内导出了 %(files)s 个文件，共 %(rows)s 行。")
VALUES = {"name": "安丽丝", "account": "a", "files": 3, "rows": 40}
SIGNED_WITH = "SEC-of-the-robot"


@pytest.fixture
def gateway(settings):
    """A server on this machine that notes what it is sent and answers as told."""
    settings.HOOKS_MAY_BE_LOCAL = True
    got, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, dict(self.headers), json.loads(body), body))
            status, said, more = answers.pop(0) if answers else (200, {"errcode": 0}, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_args):
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.got, server.answers, server.url = got, answers, f"http://127.0.0.1:{server.server_port}/in"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def hook(cast, url, kind="generic", secret="", **given):
    made = WebHook(name=f"{kind}{WebHook.objects.count()}", kind=kind, created_by=cast.users["system_admin"], **given)
    made.url, made.secret = url, secret
    made.save()
    return made


def tell(cast, *names, url=""):
    return notify([cast.users[name] for name in names], KIND, SAYS, VALUES, url)


def run_later(hours=24):
    """As if so much time had passed for the outbox."""
    Job.objects.filter(status="queued").update(due_at=timezone.now())
    return run_due()


def test_everybody_is_told_once_and_reads_it_in_his_own_language(cast):
    tell(cast, "principal", "principal", "section_head", url="/staffing/")
    assert Notification.objects.count() == 2
    assert unread_count(cast.users["principal"]) == 1
    notice = Notification.objects.of(cast.users["principal"]).get()
    with translation.override("zh-hans"):
        assert notice.text == "安丽丝（a）一小时内导出了 3 个文件，共 40 行。"
    with translation.override("en"):
        assert notice.text == "安丽丝 (a) exported 3 files with 40 rows within an hour."


def test_what_is_rolled_back_is_not_told(cast):
    class StopError(Exception):
        """Ends the transaction."""

    cast.users["principal"].email = "p@example.org"
    cast.users["principal"].save()

    def change():
        with transaction.atomic():
            tell(cast, "principal")
            raise StopError

    with pytest.raises(StopError):
        change()
    run_due()
    assert (Notification.objects.count(), Delivery.objects.count(), mail.outbox) == (0, 0, [])


def test_a_notification_leads_nowhere_else(cast):
    for url in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="page of this site"):
            tell(cast, "principal", url=url)


def test_the_page_shows_ones_own_messages_and_marks_them_read(cast):
    tell(cast, "principal", "section_head", url="/")
    mine = Notification.objects.of(cast.users["principal"]).get()
    his = Notification.objects.of(cast.users["section_head"]).get()
    browser = cast.client("principal")
    page = browser.get(reverse("records:notifications")).content.decode()
    assert page.count("安丽丝") == 1
    assert browser.post(reverse("records:notification", args=(his.pk,))).status_code == 404
    assert browser.get(reverse("records:notification", args=(mine.pk,))).status_code == 405
    assert browser.post(reverse("records:notification", args=(mine.pk,))).url == "/"
    assert unread_count(cast.users["principal"]) == 0
    browser.post(reverse("records:notifications_read"))
    assert unread_count(cast.users["section_head"]) == 1
    assert "没有未读消息" in browser.get(reverse("records:notifications") + "?unread=1").content.decode()


def test_markup_in_a_message_stays_text(cast):
    notify([cast.users["principal"]], KIND, SAYS, VALUES | {"name": "<script>x</script>"})
    page = cast.client("principal").get(reverse("records:notifications")).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_e_mail_comes_to_whoever_has_an_address_and_did_not_decline(cast):
    for name, language in (("principal", ""), ("section_head", "en")):
        cast.users[name].email, cast.users[name].language = f"{name}@example.org", language
        cast.users[name].save()
    cast.client("principal").post(reverse("records:notifications_choice"), {"by_email": "on"})
    tell(cast, "principal", "section_head", "bureau_clerk")
    assert mail.outbox == [], "not within the request"
    run_due()
    assert {message.to[0] for message in mail.outbox} == {"principal@example.org", "section_head@example.org"}
    by_address = {message.to[0]: message.body for message in mail.outbox}
    assert "一小时内" in by_address["principal@example.org"]
    assert "within an hour" in by_address["section_head@example.org"]
    run_due()
    assert len(mail.outbox) == 2
    cast.client("principal").post(reverse("records:notifications_choice"), {})
    tell(cast, "principal")
    run_due()
    assert len(mail.outbox) == 2
    assert AuditEvent.objects.filter(action="records.notifications.chosen").count() == 1


def test_each_robot_gets_the_form_it_takes(cast, gateway):
    hook(cast, f"{gateway.url}?access_token=t", "dingtalk", SIGNED_WITH)
    hook(cast, f"{gateway.url}?key=k", "wecom")
    hook(cast, gateway.url, "sms", SIGNED_WITH)
    hook(cast, gateway.url, "generic", kinds_of_news=["another.kind.only"])
    tell(cast, "principal", "section_head")
    run_due()
    assert len(gateway.got) == 3
    ding, wecom, sms = (next(g for g in gateway.got if mark(g)) for mark in (
        lambda g: "access_token" in g[0], lambda g: "key=k" in g[0], lambda g: "reference" in g[2]))  # fmt: skip
    text = "安丽丝（a）一小时内导出了 3 个文件，共 40 行。"
    assert ding[2] == {"msgtype": "text", "text": {"content": text}} == wecom[2]
    query = {name: values[0] for name, values in parse_qs(urlsplit(ding[0]).query).items()}
    signed = hmac.new(SIGNED_WITH.encode(), f"{query['timestamp']}\n{SIGNED_WITH}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sign"]) == signed
    assert abs(int(query["timestamp"]) / 1000 - timezone.now().timestamp()) < 60
    assert sms[2]["text"] == text
    assert (
        sms[1]["X-Junheng-Signature"] == "sha256=" + hmac.new(SIGNED_WITH.encode(), sms[3], hashlib.sha256).hexdigest()
    )
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.SENT}


def test_what_did_not_arrive_is_sent_again_later_each_time_and_once_only(cast, gateway):
    hook(cast, gateway.url, "dingtalk")
    gateway.answers += [(500, {}, {}), (200, {"errcode": 130101}, {}), (200, {"errcode": 0}, {})]
    tell(cast, "principal")
    waits = []
    for _ in range(4):
        run_later()
        delivery = Delivery.objects.get()
        waits.append(delivery.due_at - timezone.now())
        assert delivery.attempts == min(len(waits), 3)
    assert delivery.status == DeliveryStatus.SENT
    assert len(gateway.got) == 3
    assert timedelta(0) < waits[0] < waits[1]


def test_what_never_arrives_is_given_up_and_says_why(cast, gateway):
    hook(cast, gateway.url)
    gateway.answers += [(404, {}, {})]
    tell(cast, "principal")
    run_later()
    assert (Delivery.objects.get().status, Delivery.objects.get().fault) == (DeliveryStatus.FAILED, "HTTP 404")
    hook(cast, "http://127.0.0.1:9/", "sms")
    tell(cast, "principal")
    for _ in range(10):
        run_later()
    closed = Delivery.objects.get(hook__kind="sms")
    assert (closed.status, closed.attempts) == (DeliveryStatus.FAILED, 8)
    assert "refused" in closed.fault.lower()


def test_a_redirect_into_the_network_is_not_followed(cast, gateway):
    hook(cast, gateway.url)
    gateway.answers += [(302, {}, {"Location": "http://127.0.0.1:9/secret"})]
    tell(cast, "principal")
    run_later()
    assert Delivery.objects.get().fault == "HTTP 302"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/",
        "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/", "https://intranet/", "https://db.internal/",
        "https://example.org:22/", "https://user:word@example.org/", "https://100.64.0.1/", "https://224.0.0.1/",
        "https://example.org/ x", "https://", "javascript:alert(1)", "https://example.org:99999/",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused(cast, url):
    with pytest.raises(ValidationError):
        web_hooks.check_address(url)


def test_a_name_that_means_an_address_inside_is_refused_when_it_is_sent(cast, monkeypatch):
    found = [(2, 1, 6, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.5")]
    monkeypatch.setattr(web_hooks.socket, "getaddrinfo", lambda *_args, **_given: found)
    hook(cast, "https://hooks.example.org/in")
    tell(cast, "principal")
    run_later()
    assert "private network" in Delivery.objects.get().fault
    assert Delivery.objects.get().status == DeliveryStatus.FAILED


def test_the_address_and_the_secret_are_sealed_and_never_shown(cast, monkeypatch):
    browser = cast.client("system_admin")
    url = "https://oapi.example.org/robot/send?access_token=abcdef"
    given = {"name": "人事群", "kind": "dingtalk", "url": url, "secret": SIGNED_WITH, "kinds_of_news": ""}
    assert browser.post(reverse("records:hook_new"), given).status_code == 302
    made = WebHook.objects.get()
    assert (made.url, made.secret) == (url, SIGNED_WITH)
    stored = str(WebHook.objects.values().get()) + str(list(AuditEvent.objects.values()))
    pages = "".join(
        browser.get(address).content.decode()
        for address in (reverse("records:hooks"), reverse("records:hook", args=(made.pk,)))
    )
    for text in ("abcdef", SIGNED_WITH):
        assert text not in stored
        assert text not in pages
    assert "oapi.example.org" in pages
    edited = {"name": "人事科群", "kind": "dingtalk", "url": "", "secret": "", "kinds_of_news": "a.b.c"}
    assert browser.post(reverse("records:hook", args=(made.pk,)), edited).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.url, made.secret, made.kinds_of_news) == ("人事科群", url, SIGNED_WITH, ["a.b.c"])
    browser.post(reverse("records:hook_switch", args=(made.pk,)), {"on": "0"})
    made.refresh_from_db()
    assert not made.active
    bad = browser.post(reverse("records:hook_new"), given | {"name": "x", "url": "https://10.0.0.1/"})
    assert bad.status_code == 422
    assert "内部网络" in bad.content.decode()


@pytest.mark.parametrize("who", ["bureau_clerk", "security_admin", "audit_admin", "principal", "teacher"])
def test_only_the_system_administrator_sets_web_hooks(cast, who):
    assert cast.client(who).get(reverse("records:hooks")).status_code == 403
    assert cast.client(who).post(reverse("records:hook_new"), {}).status_code == 403
