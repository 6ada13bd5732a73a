"""Web hooks: the forms that DingTalk, WeCom and gateways take, and a client that is not led into our own network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from junheng.web.records.models import HookKind, WebHook

_LONGEST_ANSWER = 64 * 1024
_LONGEST_TEXT = 2000


class HookRefusedError(Exception):
    """A message did not arrive; ``again`` says whether it is worth another try."""

    def __init__(self, said: str, *, again: bool) -> None:
        super().__init__(said)
        self.again = again


@dataclass(frozen=True, slots=True)
class HookRequest:
    """What is sent where. ``answers_with_code`` says that the answer tells of a fault in ``errcode``."""

    url: str
    body: bytes
    headers: dict[str, str]
    answers_with_code: bool = False


def request_for(hook: WebHook, text: str, kind: str, reference: str, *, now: float | None = None) -> HookRequest:
    """The message in the form of the hook's kind, signed where the hook has a secret."""
    moment = time.time() if now is None else now
    text = text[:_LONGEST_TEXT]
    url, headers = hook.url, {"Content-Type": "application/json; charset=utf-8"}
    robots = {HookKind.DINGTALK.value, HookKind.WECOM.value}
    if hook.kind in robots:
        body = _json({"msgtype": "text", "text": {"content": text}})
        if hook.kind == HookKind.DINGTALK and hook.secret:
            url += ("&" if "?" in url else "?") + _signature_of_dingtalk(hook.secret, moment)
        return HookRequest(url, body, headers, answers_with_code=True)
    body = _json({"kind": kind, "text": text, "reference": reference, "sent_at": int(moment)})
    if hook.secret:
        signature = hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Junheng-Signature"] = f"sha256={signature}"
    return HookRequest(url, body, headers)


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _signature_of_dingtalk(secret: str, moment: float) -> str:
    """Time in milliseconds, and the HMAC of time and secret under the secret, as DingTalk's robots expect it."""
    stamp = str(round(moment * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={stamp}&sign={quote_plus(base64.b64encode(digest).decode())}"


def check_address(url: str) -> None:
    """Raise ``ValidationError`` for an address that a hook may not have: https, by name, not in a private network."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValidationError(_("网址无法识别。")) from None
    local = settings.HOOKS_MAY_BE_LOCAL
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise ValidationError(_("网址须以 https:// 开头。"))
    if not parts.hostname or parts.username or parts.password or any(ord(mark) <= 32 for mark in url):
        raise ValidationError(_("网址须只含主机、路径和参数。"))
    if port not in {None, 443, 8443} and not local:
        raise ValidationError(_("只能使用 443 或 8443 端口。"))
    if not local and _is_private_name(parts.hostname):
        raise ValidationError(_("网址不能指向内部网络。"))


def _is_private_name(host: str) -> bool:
    try:
        return not _is_outside(ipaddress.ip_address(host))
    except ValueError:
        return "." not in host or host.casefold().rstrip(".").endswith((".localhost", ".local", ".internal"))


def _is_outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast


def address_of(host: str, port: int) -> str:
    """The numeric address to connect to; :class:`HookRefusedError` where any of the name's is in a private network.

    The connection is made to this very address, so that a name cannot mean something else a moment later.
    """
    try:
        found = [each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise HookRefusedError("the host is not known", again=True) from None
    if not settings.HOOKS_MAY_BE_LOCAL and not all(_is_outside(ipaddress.ip_address(each)) for each in found):
        raise HookRefusedError("the host lies in a private network", again=False)
    return str(found[0])


def post(message: HookRequest) -> None:
    """Send it. Redirects are not followed. Raises :class:`HookRefusedError` with what the other side said."""
    try:
        check_address(message.url)
    except ValidationError as fault:
        raise HookRefusedError(" ".join(fault.messages), again=False) from None
    parts = urlsplit(message.url)
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect(host, port, secure=parts.scheme == "https")
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=message.body, headers=message.headers | {"Host": parts.netloc})
        answer = connection.getresponse()
        content = answer.read(_LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as fault:
        raise HookRefusedError(f"{type(fault).__name__}: {fault}", again=True) from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise HookRefusedError(f"HTTP {answer.status}", again=answer.status in {408, 425, 429} or answer.status >= 500)
    if message.answers_with_code:
        _check_code(content)


def _connect(host: str, port: int, *, secure: bool) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(host, port, timeout=settings.HOOK_SECONDS)
    try:
        plain = socket.create_connection((address_of(host, port), port), settings.HOOK_SECONDS)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError as fault:
        raise HookRefusedError(f"{type(fault).__name__}: {fault}", again=True) from None
    return connection


def _check_code(content: bytes) -> None:
    try:
        code = json.loads(content).get("errcode", 0)
    except (ValueError, AttributeError):
        raise HookRefusedError("the answer is not understood", again=True) from None
    if code != 0:
        raise HookRefusedError(f"errcode {code}", again=code in {-1, 130101, 45009, 410100})
