"""What the environment says is used as it is meant or refused out loud; production refuses what is not safe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.web.environment import DEFAULT_FIELD_KEYS, DEFAULT_SECRET, MalformedEnvironmentError, read_environment

OWN_KEYS = "a:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
OWN_SECRET = "a-secret-of-a-test-that-is-long-enough-0123456789-abcdefghij"  # noqa: S105 - guards nothing
PRODUCTION = {
    "JUNHENG_MODE": "production", "JUNHENG_SECRET_KEY": OWN_SECRET, "JUNHENG_FIELD_KEYS": OWN_KEYS,
    "JUNHENG_HOSTS": "lungang.example.org", "JUNHENG_DATA_DIR": "", "DATABASE_URL": "", "JUNHENG_HTTPS": "true",
    "JUNHENG_DEBUG": "", "JUNHENG_WIDEN_RACES": "",
}  # fmt: skip
MALFORMED = [
    ("JUNHENG_MODE", "prod"), ("JUNHENG_DEBUG", "perhaps"), ("JUNHENG_HTTPS", "2"),
    ("JUNHENG_FIELD_KEYS", "nonsense"), ("JUNHENG_FIELD_KEYS", "a:AAAA"),
    ("JUNHENG_FIELD_KEYS", f"{OWN_KEYS},{OWN_KEYS}"),
    ("JUNHENG_HOSTS", "https://a.example.org"), ("JUNHENG_HOSTS", ","), ("JUNHENG_HOSTS", "a b"),
    ("JUNHENG_TIME_ZONE", "Beijing"), ("JUNHENG_TIME_ZONE", "../etc"), ("JUNHENG_LANGUAGE", "fr"),
    ("JUNHENG_SESSION_IDLE_MINUTES", "0"), ("JUNHENG_SESSION_IDLE_MINUTES", "half"),
    ("JUNHENG_LEASE_SECONDS", "0"), ("JUNHENG_LEASE_SECONDS", "1e9"), ("JUNHENG_WIDEN_RACES", "-1"),
    ("JUNHENG_EMAIL_URL", "mail.example.org"), ("JUNHENG_EMAIL_URL", "http://mail"),
    ("JUNHENG_EMAIL_URL", "smtp://a:99999"),
]  # fmt: skip
MALFORMED_IN_SETTINGS = [
    ("DATABASE_URL", "nonsense"), ("DATABASE_URL", "mysql://a/b"), ("DATABASE_URL", "postgres://a:port/b"),
    ("JUNHENG_OIDC", "nonsense"), ("JUNHENG_OIDC", '{"name": "x"}'), ("JUNHENG_DINGTALK", "[]"),
    ("JUNHENG_FEISHU", '{"client_id": 1, "secret": "x"}'), ("JUNHENG_MODE", "prod"),
]  # fmt: skip
UNSAFE = [
    ("JUNHENG_DEBUG", "true"), ("JUNHENG_SECRET_KEY", ""), ("JUNHENG_SECRET_KEY", DEFAULT_SECRET),
    ("JUNHENG_SECRET_KEY", "short"), ("JUNHENG_FIELD_KEYS", ""), ("JUNHENG_FIELD_KEYS", DEFAULT_FIELD_KEYS),
    ("JUNHENG_HTTPS", "false"), ("JUNHENG_WIDEN_RACES", "1"), ("JUNHENG_HOSTS", "*"),
]  # fmt: skip


def python(folder: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python in an environment of its own, with this source."""
    (folder / "data" / "static").mkdir(parents=True, exist_ok=True)
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUNHENG_", "DATABASE_", "DJANGO_"))
    }
    own |= {"PYTHONPATH": os.pathsep.join(sys.path), "DJANGO_SETTINGS_MODULE": "junheng.web.settings"}
    given = own | variables | {"JUNHENG_DATA_DIR": str(folder / "data")}
    return subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_a_malformed_value_is_refused_and_its_variable_named(monkeypatch: pytest.MonkeyPatch, name, value) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(MalformedEnvironmentError, match=name) as fault:
        read_environment()
    if name in {"JUNHENG_FIELD_KEYS", "JUNHENG_EMAIL_URL"}:
        assert value not in str(fault.value), "they hold secrets"


@pytest.mark.parametrize(("name", "value"), MALFORMED_IN_SETTINGS)
def test_the_server_does_not_start_with_a_malformed_value(tmp_path: Path, name: str, value: str) -> None:
    done = python(tmp_path, "import django; django.setup()", **{name: value})
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
    assert name in done.stderr.splitlines()[-1] + done.stderr.splitlines()[-2]


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_production_does_not_start_unsafe(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    for each, said in (PRODUCTION | {name: value}).items():
        monkeypatch.setenv(each, said)
    with pytest.raises(MalformedEnvironmentError, match=name):
        read_environment()


def test_production_starts_when_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for each, said in PRODUCTION.items():
        monkeypatch.setenv(each, said)
    assert read_environment().mode == "production"


def test_an_error_does_not_repeat_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for each, said in (PRODUCTION | {"JUNHENG_SECRET_KEY": "sesame-123"}).items():
        monkeypatch.setenv(each, said)
    with pytest.raises(MalformedEnvironmentError) as fault:
        read_environment()
    assert "sesame-123" not in str(fault.value)
    assert OWN_KEYS not in str(fault.value)


def test_the_deployment_check_has_nothing_to_say(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.core.management import call_command; "
        "from django.conf import settings; settings.SILENCED_SYSTEM_CHECKS = settings.SILENCED_SYSTEM_CHECKS; "
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    done = python(tmp_path, code, **PRODUCTION)
    said = [line for line in done.stderr.splitlines() if re.search(r"\(\w+\.[WEC]\d+\)", line)]
    built = [line for line in said if "django_vite" not in line and "staticfiles.W004" not in line]
    assert built == []
    assert said or done.returncode == 0, done.stderr
    hints = python(tmp_path, "from django.conf import settings; print(settings.SILENCED_SYSTEM_CHECKS)", **PRODUCTION)
    assert hints.stdout.strip() == "[]", "nothing is silenced"


def test_the_check_finds_what_is_unsafe(tmp_path: Path) -> None:
    """The control: in development the same check has something to say."""
    code = (
        "import django; django.setup(); from django.core.management import call_command; "
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    assert "security.W" in python(tmp_path, code).stderr


def test_pages_allow_no_script_of_their_own(tmp_path: Path) -> None:
    code = """
import json, warnings, django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from django.test import Client
answer = Client(headers={"host": "lungang.example.org", "x-forwarded-proto": "https"}).get("/account/login/")
print(json.dumps({"status": answer.status_code, "headers": dict(answer.headers), "page": answer.content.decode()}))
"""
    done = python(tmp_path, code, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["status"] == 200
    policy = dict(part.strip().split(" ", 1) for part in answer["headers"]["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert (policy["object-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert "unsafe-eval" not in str(policy)
    assert "unsafe-inline" not in policy["script-src"] + policy["style-src"]
    headers = answer["headers"]
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", answer["page"])
    assert scripts == []
    assert not re.search(r"\son\w+=", answer["page"])


def test_e_mail_goes_where_the_environment_says(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s; "
        "print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS)"
    )
    done = python(tmp_path, code, JUNHENG_EMAIL_URL="smtp://bureau%40a.org:p%2Fw@mail.example.org:587")
    said = "django.core.mail.backends.smtp.EmailBackend mail.example.org 587 bureau@a.org p/w True"
    assert done.stdout.strip() == said, done.stderr
