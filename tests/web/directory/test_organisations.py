"""The tree of organisations: seen within reach, changed with reasons, nothing lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from junheng.web.access import ROLE_RULES, Permission, Role
from junheng.web.directory.actions import organisations as acts
from junheng.web.directory.actions import ties
from junheng.web.directory.changing import organisation_changed
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.records.models import AuditEvent

TREE = "/directory/organisations/"


def address(name: str, node: Organisation) -> str:
    return reverse(f"directory:{name}", args=(node.pk,))


def listed(answer) -> str:
    """The part of the page with the tree, without the side panel and what was searched for."""
    page = answer.content.decode()
    return page.split('<section class="card" id="organisations">', 1)[1].split("<table", 1)[-1].split("</section>")[0]


def test_the_tree_opens_branch_by_branch_by_plain_links(cast):
    client = cast.client("bureau_clerk")
    page = listed(client.get(TREE))
    assert "河东学区" in page
    assert "云山县育才初级中学" not in page
    assert "清源" not in page
    opened = listed(client.get(TREE, {"open": f"{cast.county.pk},{cast.cluster.pk}"}))
    assert "云山县育才初级中学" in opened
    assert "西山九年" not in opened


def test_whoever_works_in_a_school_sees_that_school_only(cast):
    page = listed(cast.client("teacher").get(TREE))
    assert "云山县育才初级中学" in page
    assert "河东学区" not in page


@pytest.mark.parametrize("words", ["yucai", "ysxyc", "9901010001", "育才"])
def test_an_organisation_is_found_by_name_code_and_pinyin(cast, words):
    assert "云山县育才初级中学" in listed(cast.client("bureau_clerk").get(TREE, {"q": words}))


@pytest.mark.parametrize("query", ["open=99999999999999999999", "open=x,,", "q=%00", "q=%25%27", "open=" + "1," * 500])
def test_an_odd_address_is_no_trouble(cast, query):
    assert cast.client("bureau_clerk").get(f"{TREE}?{query}").status_code == 200


def test_the_tree_asks_as_much_for_many_schools_as_for_few(cast, django_assert_max_num_queries):
    for number in range(60):
        acts.add_organisation(None, cast.cluster, kind="school", code=f"S{number}", name=f"新学校{number}")
    client = cast.client("bureau_clerk")
    client.get(TREE)
    with django_assert_max_num_queries(12):
        client.get(TREE, {"open": f"{cast.county.pk},{cast.cluster.pk}"})


def test_the_page_shows_who_holds_which_role_to_those_who_see_accounts(cast):
    url = cast.yucai.get_absolute_url()
    assert "云山校长" in cast.client("system_admin").get(url).content.decode()
    assert "云山校长" not in cast.client("bureau_leader").get(url).content.decode()


def test_an_organisation_is_added_below_another(cast):
    form = {
        "kind": "school",
        "code": "NEW1",
        "name": "云山县新建小学",
        "short_name": "新建小学",
        "opened": "2026-09-01",
    }
    answer = cast.client("system_admin").post(address("organisation_add", cast.cluster), form)
    assert answer.status_code == 302
    made = Organisation.objects.get(code="NEW1")
    assert (made.parent, made.county) == (cast.cluster, cast.county)
    assert made.position > cast.yucai.position
    again = cast.client("system_admin").post(address("organisation_add", cast.cluster), form)
    assert again.status_code == 422
    assert "已有这个代码" in again.content.decode()


def test_what_stands_below_what_is_kept(cast):
    with pytest.raises(ValidationError):
        acts.add_organisation(None, cast.yucai, kind="school", code="X", name="校中校")
    with pytest.raises(ValidationError):
        acts.move(cast.users["system_admin"], cast.yucai, cast.other_cluster.parent.within_county.get(
            code="9901010002"), on=date(2026, 9, 1), reason="试")  # fmt: skip


def test_a_former_name_is_kept_with_its_last_day(cast):
    form = {"name": "云山县实验中学", "short_name": "", "on": "2026-09-01", "reason": "云教〔2026〕1号"}
    assert cast.client("system_admin").post(address("organisation_rename", cast.yucai), form).status_code == 302
    cast.yucai.refresh_from_db()
    assert cast.yucai.name == "云山县实验中学"
    assert cast.yucai.pinyin.startswith("yun shan xian shi yan")
    former = cast.yucai.former_names.get()
    assert (former.name, former.valid_until) == ("云山县育才初级中学", date(2026, 9, 1))
    event = AuditEvent.objects.get(action="directory.organisation.renamed")
    assert event.before["name"] == "云山县育才初级中学"
    assert event.reason == "云教〔2026〕1号"
    assert "云山县育才初级中学" in cast.client("teacher").get(cast.yucai.get_absolute_url()).content.decode()


def test_a_school_moves_to_another_cluster_of_its_county_only(cast):
    by = cast.users["system_admin"]
    heard = []

    def listen(sender, organisation, what, **_given):
        heard.append((organisation.pk, what))

    organisation_changed.connect(listen)
    try:
        acts.move(by, cast.yucai, cast.other_cluster, on=date(2026, 9, 1), reason="调整学区")
    finally:
        organisation_changed.disconnect(listen)
    cast.yucai.refresh_from_db()
    assert cast.yucai.parent == cast.other_cluster
    assert heard == [(cast.yucai.pk, "moved")]
    with pytest.raises(ValidationError, match="另一个县"):
        acts.move(by, cast.yucai, cast.faraway.parent, on=date(2026, 9, 1), reason="越县")


def test_a_move_changes_who_may_see(cast):
    head = cast.client("head_of_other_cluster")
    assert head.get(cast.yucai.get_absolute_url()).status_code == 404
    acts.move(cast.users["system_admin"], cast.yucai, cast.other_cluster, on=date(2026, 9, 1), reason="调整")
    assert head.get(cast.yucai.get_absolute_url()).status_code == 200


def test_closing_is_refused_and_says_what_stands_in_the_way(cast):
    client = cast.client("system_admin")
    form = {"on": timezone.localdate(), "reason": "撤并"}
    said = client.post(address("organisation_close", cast.yucai), form)
    assert said.status_code == 422
    assert "云山校长仍担任校长" in said.content.decode()
    said = client.post(address("organisation_close", cast.cluster), form).content.decode()
    assert "云山县育才初级中学还没有撤销" in said
    cast.yucai.refresh_from_db()
    assert cast.yucai.closed is None


def test_what_nothing_hangs_on_is_closed_and_can_be_opened_again(cast):
    made = acts.add_organisation(None, cast.cluster, kind="school", code="NEW1", name="云山县村小")
    client = cast.client("system_admin")
    form = {"on": timezone.localdate(), "reason": "撤并"}
    assert client.post(address("organisation_close", made), form).status_code == 302
    assert "云山县村小" not in listed(client.get(TREE, {"q": "村小"}))
    assert "云山县村小" in listed(client.get(TREE, {"q": "村小", "closed": "1"}))
    assert client.post(address("organisation_reopen", made), {"reason": "登记错误"}).status_code == 302
    made.refresh_from_db()
    assert made.closed is None


def test_the_bureaus_own_order_is_kept(cast):
    form = {
        f"place-{cast.yucai.pk}": "2",
        f"place-{cast.hedong.pk}": "1",
        "place-x": "1",
        f"place-{cast.xishan.pk}": "9",
    }
    assert cast.client("system_admin").post(address("organisation_order", cast.cluster), form).status_code == 302
    assert list(Organisation.objects.filter(parent=cast.cluster)) == [cast.hedong, cast.yucai]
    assert AuditEvent.objects.filter(action="directory.organisation.ordered").count() == 1


@pytest.fixture
def town(cast):
    """Two clusters of three schools each, whose numbers run through both of them."""
    clusters = [
        acts.add_organisation(None, cast.county, kind="cluster", code=f"T{at}", name=f"第{at}片") for at in "12"
    ]
    return clusters, [
        acts.add_organisation(None, clusters[at % 2], kind="school", code=f"T{at}", name=f"城关{at}小")
        for at in range(6)
    ]


def codes(**narrowed):
    return list(
        Organisation.objects.filter(code__startswith="T", kind="school", **narrowed).values_list("code", flat=True)
    )


def test_schools_of_a_county_follow_the_order_of_its_clusters(cast, town):
    clusters, schools = town
    assert codes() == ["T0", "T2", "T4", "T1", "T3", "T5"]
    admin = cast.users["system_admin"]
    assert acts.reorder(admin, clusters[0], {schools[4].pk: 1}) == 3
    assert codes() == ["T4", "T0", "T2", "T1", "T3", "T5"]
    below = list(Organisation.objects.filter(parent=cast.county))
    acts.reorder(admin, cast.county, {clusters[1].pk: below.index(clusters[0]) + 1})
    assert codes() == ["T1", "T3", "T5", "T4", "T0", "T2"]
    acts.move(admin, schools[0], clusters[1], on=timezone.localdate(), reason="调整")
    assert codes(parent=clusters[1]) == ["T1", "T3", "T5", "T0"]
    assert codes() == ["T1", "T3", "T5", "T0", "T4", "T2"]


def test_the_order_that_there_is_is_no_change(cast, town):
    clusters, schools = town
    assert acts.reorder(cast.users["system_admin"], clusters[1], {schools[1].pk: 1, schools[3].pk: 2}) == 0
    assert not AuditEvent.objects.filter(action="directory.organisation.ordered").exists()


def test_a_school_moved_up_stands_before_and_one_moved_down_behind_whoever_has_the_place(cast, town):
    (first, _second), schools = town
    acts.reorder(cast.users["system_admin"], first, {schools[4].pk: 2, schools[2].pk: 2})
    assert codes(parent=first) == ["T0", "T4", "T2"]
    acts.reorder(cast.users["system_admin"], first, {schools[0].pk: 2})
    assert codes(parent=first) == ["T4", "T0", "T2"]


def test_schools_are_bound_once_and_the_tie_stays_when_it_has_ended(cast):
    client = cast.client("system_admin")
    form = {"supported": cast.hedong.pk, "kind": "assistance", "start": "2026-09-01"}
    assert client.post(address("tie_add", cast.yucai), form).status_code == 302
    twice = client.post(address("tie_add", cast.yucai), form)
    assert twice.status_code == 422
    assert "已经以这种方式结对" in twice.content.decode()
    tie = SchoolTie.objects.get()
    on = timezone.localdate()
    answer = client.post(reverse("directory:tie_end", args=(tie.pk,)), {"on": on, "reason": "期满"})
    assert answer.status_code == 302
    tie.refresh_from_db()
    assert tie.valid_until == on
    with pytest.raises(ValidationError, match="已经结束"):
        ties.end_tie(cast.users["system_admin"], tie, on=on + timedelta(days=1), reason="再次")
    assert client.post(address("tie_add", cast.yucai), form).status_code == 302


def test_the_policy_page_is_made_from_the_rules(cast):
    page = cast.client("teacher").get(reverse("directory:access_policy")).content.decode()
    for role in Role:
        assert str(ROLE_RULES[role].prose) in page
    for permission in Permission:
        assert str(permission.label) in page
    assert page.count("✓") == sum(len(rule.may) for rule in ROLE_RULES.values())


def test_search_finds_within_reach_and_asks_every_provider(cast):
    from junheng.web.directory import search

    found = []

    def provider(request, words):
        found.append(words)
        return [search.Hit("教师", "安丽丝 <b>", "/somewhere/", "T0001")]

    search.provide(provider)
    try:
        page = cast.client("cluster_head").get(reverse("directory:search"), {"q": "yunshan"}).content.decode()
    finally:
        search._providers.remove(provider)
    assert found == ["yunshan"]
    assert "安丽丝 &lt;b&gt;" in page
    assert "云山县育才初级中学" in page
    assert "西山九年" not in page
    part = cast.client("cluster_head").get(reverse("directory:search"), {"q": "x"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
