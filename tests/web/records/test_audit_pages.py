"""The trail is read by whoever may, within his county, in words; and every action has a name."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run
from junheng.web.records import guarding
from junheng.web.records.audit import record
from junheng.web.records.labels import action_label, field_label, kind_label, known_actions
from junheng.web.records.models import AuditEvent

WEB = Path(__file__).resolve().parents[3] / "src" / "junheng" / "web"
ID_NUMBER = "990101198505120022"
NAME = re.compile(r"[a-z]+\.[a-z_]+\.[a-z_]+")


@pytest.fixture
def trail(cast):
    """Something done in each county, and by the system."""
    with transaction.atomic():
        mine = record(
            cast.users["bureau_clerk"], "records.list.exported", cast.county,
            before={"name": "旧名", "kind": "county"}, after={"name": "新名", "kind": "county", "id": ID_NUMBER},
            reason="更名 990101198505120022", rows=5,
        )  # fmt: skip
        his = record(cast.users["clerk_of_other_county"], "records.attachment.added", cast.other_county)
        system = record(None, "records.job.cancelled", None)
    return mine, his, system


def test_the_list_shows_the_trail_of_ones_county(cast, trail):
    page = cast.client("audit_admin").get(reverse("records:audit")).content.decode()
    assert "导出名单" in page
    assert "云山局人事经办人" in page
    assert "清源" not in page
    assert reverse("records:audit_event", args=(trail[0].number,)) in page


@pytest.mark.parametrize(("which", "status"), [(0, 200), (1, 404), (2, 404)])
def test_a_row_of_another_county_is_not_there(cast, trail, which, status):
    page = cast.client("audit_admin").get(reverse("records:audit_event", args=(trail[which].number,)))
    assert page.status_code == status


def test_whoever_sees_every_county_sees_the_systems_rows_too(cast, trail):
    cast.users["audit_admin"].grants.get()
    cast.other_county.accounts.all()
    grant = cast.users["audit_admin"].grants.get()
    grant.pk, grant.organisation = None, cast.other_county
    grant.save()
    for each in trail:
        address = reverse("records:audit_event", args=(each.number,))
        assert cast.client("audit_admin").get(address).status_code == 200


@pytest.mark.parametrize("who", ["bureau_clerk", "system_admin", "security_admin", "principal", "bureau_leader"])
def test_nobody_else_reads_the_trail(cast, trail, who):
    for address in (reverse("records:audit"), reverse("records:audit_event", args=(trail[0].number,))):
        assert cast.client(who).get(address).status_code == 403
    assert cast.client(who).post(reverse("records:audit_verify")).status_code == 403


def test_a_row_shows_before_and_after_in_words_and_masks_id_numbers(cast, trail):
    page = cast.client("audit_admin").get(reverse("records:audit_event", args=(trail[0].number,))).content.decode()
    for text in ("名称", "旧名", "新名", "县（市、区）", "990101********0022", trail[0].digest):
        assert text in page
    assert "990101198505120022" not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2), ("q=安", 0), ("q=云山", 2), ("action=records.list.exported", 1), ("author=ys-bureau", 1),
        ("since=2000-01-01", 2), ("until=2000-01-01", 0), ("since=nonsense", 2), ("action=nonsense", 2),
        ("object_kind=directory.organisation", 1), ("page=999", 2), ("sort=-at", 2), ("sort=nonsense", 2),
    ],
)  # fmt: skip
def test_the_list_is_searched_and_filtered(cast, trail, query, count):
    with transaction.atomic():
        record(cast.users["principal"], "records.hook.tried", cast.users["principal"])
    response = cast.client("audit_admin").get(f"{reverse('records:audit')}?{query}")
    assert response.status_code == 200
    assert response.content.decode().count("/records/audit/") - response.content.decode().count("audit/verify") >= count


def test_the_chain_is_verified_from_the_page_and_that_is_in_the_trail(cast, trail):
    browser = cast.client("audit_admin")
    assert "留痕链完整" in browser.post(reverse("records:audit_verify"), follow=True).content.decode()
    assert AuditEvent.objects.filter(action="records.audit.verified").count() == 1
    with guarding.lifted(connection):
        AuditEvent.objects.filter(number=trail[1].number).update(reason="x")
    page = browser.post(reverse("records:audit_verify"), follow=True).content.decode()
    assert "留痕链断裂" in page
    assert f"第 {trail[1].number} 行" in page


def test_the_commands_answer_for_machines(cast, trail, tmp_path, capsys):
    def answer(*words):
        code = run(COMMANDS, ["web", "audit", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, head = answer("anchor", "--out", str(tmp_path / "anchor.json"))
    assert (code, head["number"], head["digest"]) == (0, trail[2].number, trail[2].digest)
    code, found = answer("verify", "--anchor", str(tmp_path / "anchor.json"))
    assert (code, found["holds"], found["anchors"], found["guarded"]) == (0, True, 1, True)
    for wrong in ("", "{}", "[]", '{"format": "junheng-audit-anchor", "number": "1", "digest": "x"}', "\x00"):
        (tmp_path / "wrong").write_text(wrong)
        code, refused = answer("verify", "--anchor", str(tmp_path / "wrong"))
        assert (code, "error" in refused) == (2, True), wrong
    guarding.take_down(connection)
    AuditEvent.objects.filter(number=trail[0].number).delete()
    code, found = answer("verify")
    assert (code, found["broken"]["kind"], found["broken"]["number"]) == (1, "removed", trail[0].number)
    assert found["guarded"] is False


def recorded() -> dict[str, str]:
    """Names of actions in the source, each with where it stands."""
    found: dict[str, str] = {}
    for path in WEB.rglob("*.py"):
        if path.name == "audit_labels.py" or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name not in {"record", "record_many"} or len(call.args) < 2:
                continue
            for part in ast.walk(call.args[1]):
                text = part.value if isinstance(part, ast.Constant) else named.get(getattr(part, "id", ""))
                if isinstance(text, str) and NAME.fullmatch(text):
                    found[text] = f"{path.relative_to(WEB)}:{call.lineno}"
    return found


def test_every_action_in_the_source_has_a_name_in_both_languages():
    named = dict(known_actions())
    silent = {action: place for action, place in recorded().items() if action not in named}
    assert len(recorded()) > 10
    assert silent == {}, "name them in the room's audit_labels.py"
    for action in named:
        with translation.override("en"):
            assert not re.search(r"[\u4e00-\u9fff]", action_label(action)), action


def test_what_nobody_has_named_is_shown_by_its_own_name(db):
    assert action_label("room.noun.verb") == "room.noun.verb"
    assert kind_label("room.thing") == "room.thing"
    assert kind_label("") == ""


def told() -> dict[str, str]:
    """Names of what rows tell in the source, written out, each with where it stands."""
    found: dict[str, str] = {}
    for path in WEB.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if not isinstance(call, ast.Call) or name not in {"record", "Trace"}:
                continue
            place = f"{path.relative_to(WEB)}:{call.lineno}"
            for given in call.keywords:
                if given.arg in {"before", "after"} and isinstance(given.value, ast.Dict):
                    names = [key.value for key in given.value.keys if isinstance(key, ast.Constant)]
                else:
                    names = [given.arg] if given.arg else []
                found |= {str(each): place for each in names}
    words = {"before", "after", "reason", "organisation", "details"}
    return {name: place for name, place in found.items() if name not in words}


def test_everything_that_a_row_tells_has_a_name_in_both_languages():
    rooms = ("rotation.placement", "staffing.teacher", "directory.user", "records.job")
    chinese = re.compile(r"[\u4e00-\u9fff]")
    silent, left = {}, {}
    assert len(told()) > 80
    for name, place in told().items():
        kind = next((each for each in rooms if each.startswith(place.partition("/")[0])), rooms[0])
        with translation.override("zh-hans"):
            if not chinese.search(field_label(kind, name)):
                silent[name] = place
        with translation.override("en"):
            if chinese.search(field_label(kind, name)):
                left[name] = place
    assert silent == {}, "name them in the room's audit_labels.py"
    assert left == {}


def test_the_columns_of_a_file_have_their_names_in_a_row_too():
    with translation.override("zh-hans"):
        assert field_label("staffing.teacher", "former_community_teacher") != "former_community_teacher"
        assert field_label("staffing.teacher", "nobody_calls_it_so") == "nobody_calls_it_so"
        assert field_label("no.such_kind", "digest") == "摘要"
