"""Sentences for people: whatever was stored, in both languages, with nothing left unsaid and nothing raw in them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import phrases
from shared.domain.explain import Given, Names, teams_named, what_it_does, why_it_waits, why_this_team
from shared.domain.phrases import Said
from shared.domain.reasons import AssignmentReason, NextBest
from shared.domain.words import WaitingReason

RED, BLUE = UUID(int=3), UUID(int=2)
NOW = datetime(2022, 4, 1, 8, tzinfo=UTC)  # 16:00 in Shanghai
NAMES = Names(teams={RED: "Red 3", BLUE: "Blue 2"}, zone=ZoneInfo("Asia/Shanghai"), now=NOW)
FOUR_MINUTES = {"team_id": str(RED), "travel_s": 250}

WAITING: list[tuple[WaitingReason, dict[str, Any], str, str]] = [
    (
        WaitingReason.BEING_PLANNED,
        {},
        "It is being planned; normally that takes a second.",
        "正在安排，一般一秒内完成。",
    ),
    (
        WaitingReason.BEING_PLANNED,
        {"stopped_by": "planning_failed"},
        "Planning it failed and is tried again every minute. Whoever runs the system should look.",
        "安排时出错，每分钟重试一次。请通知系统维护人员。",
    ),
    (
        WaitingReason.OPENS_LATER,
        {"earliest": "2022-04-01T12:30:00+00:00", "shift_ends": "2022-04-01T10:00:00+00:00", **FOUR_MINUTES},
        "Its window opens at 20:30, after every shift that is planned so far. Nearest is Red 3 (4 min away): its shift ends at 18:00.",
        "20:30才能开始，晚于目前已排的所有班次。最近的是Red 3（4分钟路程）：18:00下班。",
    ),
    (
        WaitingReason.OPENS_LATER,
        {"earliest": "2022-04-03T12:30:00+00:00"},  # as an earlier release stored it
        "Its window opens at 20:30 on 3 Apr, after every shift that is planned so far.",
        "4月3日20:30才能开始，晚于目前已排的所有班次。",
    ),
    (
        WaitingReason.OPENS_LATER,
        {"earliest": "2023-01-03T12:30:00+00:00"},
        "Its window opens at 20:30 on 3 Jan 2023, after every shift that is planned so far.",
        "2023年1月3日20:30才能开始，晚于目前已排的所有班次。",
    ),
    (
        WaitingReason.NO_TEAM_ON_SHIFT,
        {},
        "No team is on shift now or soon.",
        "现在没有小组当班，近期也没有排班。",
    ),
    (
        WaitingReason.ROLE_MISSING,
        {"roles": ["doctor", "police"], **FOUR_MINUTES},
        (
            "No team on shift has all the roles on duty that it needs."
            " Red 3 (4 min away) comes closest: it lacks a doctor and a police officer."
        ),
        "当班小组中，没有一个岗位齐全。最接近的是Red 3（4分钟路程）：缺医生、民警。",
    ),
    (
        WaitingReason.ROLE_MISSING,
        {"roles": ["grid_worker"]},  # as an earlier release stored it
        "No team on shift has all the roles on duty that it needs. The team that comes closest lacks a grid worker.",
        "当班小组中，没有一个岗位齐全。最接近的小组缺网格员。",
    ),
    (
        WaitingReason.ROLE_MISSING,
        {"roles": ["doctor"], "must_rest": ["doctor"], "rest_until": "2022-04-01T08:10:00+00:00", **FOUR_MINUTES},
        (
            "No team on shift has all the roles on duty that it needs. Red 3 (4 min away) comes closest: it lacks a doctor."
            " Of it, a doctor must rest, which is over at 16:10."
        ),
        "当班小组中，没有一个岗位齐全。最接近的是Red 3（4分钟路程）：缺医生。其中医生须休息，16:10结束。",
    ),
    (
        WaitingReason.CAPABILITY_MISSING,
        {"capabilities": ["deep_sea_diving", "swab", "woman"], "team_id": str(RED)},
        "No team on shift has everything on duty that it needs. Red 3 comes closest: it lacks deep sea diving, swab training and a woman.",
        "当班小组中，没有一个具备所需的全部资质。最接近的是Red 3：缺“deep sea diving”、采样资质、女性队员。",
    ),
    (
        WaitingReason.ALL_TEAMS_FULL,
        {"stopped_by": "visits", **FOUR_MINUTES},
        "Every team that could do it is full. Nearest is Red 3 (4 min away): it has as many visits as a shift allows.",
        "能做的小组都已排满。最近的是Red 3（4分钟路程）：本班上门次数已满。",
    ),
    (
        WaitingReason.ALL_TEAMS_FULL,
        {"stopped_by": "shift_ends", "shift_ends": "2022-04-01T08:10:00+00:00", **FOUR_MINUTES},
        "Every team that could do it is full. Nearest is Red 3 (4 min away): its shift ends at 16:10, too soon for one more.",
        "能做的小组都已排满。最近的是Red 3（4分钟路程）：16:10下班，来不及再加一个。",
    ),
    (
        WaitingReason.ALL_TEAMS_FULL,
        {"stopped_by": "shift_ends", "team_id": str(RED)},  # as an earlier release stored it
        "Every team that could do it is full. One of them is Red 3: its shift ends too soon for one more.",
        "能做的小组都已排满。其中有Red 3：下班前来不及再加一个。",
    ),
    (
        WaitingReason.ALL_TEAMS_FULL,
        {"stopped_by": "would_be_late", **FOUR_MINUTES, "travel_s": 6000},
        "Every team that could do it is full. Nearest is Red 3 (1 h 40 min away): one more would make others of its walk late.",
        "能做的小组都已排满。最近的是Red 3（1小时40分钟路程）：再加一个会耽误后面的任务。",
    ),
    (
        WaitingReason.ALL_TEAMS_FULL,
        {"stopped_by": "declined", **FOUR_MINUTES, "travel_s": 0},
        "Every team that could do it declined it in this shift. Nearest is Red 3 (less than a minute away).",
        "能做的小组在本班都已拒绝。最近的是Red 3（不到1分钟路程）。",
    ),
    (
        WaitingReason.NO_LOCATION,
        {},
        "Nobody knows yet where to go: give the household its point on the map.",
        "还不知道去哪里：请在地图上标出住户位置。",
    ),
    (
        WaitingReason.OUTSIDE_EVERY_GRID,
        {},
        "Its point lies in none of the district's grids: correct the point, or draw the grid.",
        "地点不在本区任何网格内：请更正位置，或补画网格。",
    ),
]


def reason(travel_s: int, slack_s: int, *, home: bool = True, next_best: NextBest | None = None) -> AssignmentReason:
    return AssignmentReason(
        added_travel_s=travel_s, home_grid=home, slack_s=slack_s, on_time=slack_s >= 0, next_best=next_best
    )


LATE_BLUE = NextBest(team_id=BLUE, added_travel_s=540, home_grid=False, slack_s=-300)
ASSIGNED: list[tuple[dict[str, Any], str, str]] = [
    (
        reason(240, 2100, next_best=LATE_BLUE).as_json(),
        (
            "Red 3: 4 min of extra travel, in its home grid, to begin 35 min before it is due."
            " Next best was Blue 2: 9 min of extra travel, not in its home grid, to begin 5 min late."
        ),
        (
            "Red 3：多走4分钟，在责任网格内，比截止时间提前35分钟开始。"
            "其次是Blue 2：多走9分钟，不在责任网格内，比截止时间晚5分钟开始。"
        ),
    ),
    (
        reason(-5, 3, home=False).as_json(),
        "Red 3: no extra travel, not in its home grid, to begin just in time. No other team could take it.",
        "Red 3：不多走路，不在责任网格内，刚好赶在截止时间开始。没有别的小组能接。",
    ),
    (
        reason(60, -10).figures(),  # as an earlier release stored it
        "Red 3: 1 min of extra travel, in its home grid, to begin less than a minute late.",
        "Red 3：多走1分钟，在责任网格内，比截止时间晚不到1分钟开始。",
    ),
    (
        {**reason(60, 3 * 86_400).figures(), "by_hand": True, "breaks": ["role_missing", "beyond_shift"]},
        (
            "A person chose this team. Red 3: 1 min of extra travel, in its home grid, to begin 3 days before it is due."
            " It was given although: the team lacks a role; the work goes beyond the shift."
        ),
        "由人工指定。Red 3：多走1分钟，在责任网格内，比截止时间提前3天开始。指定时已知：该组缺所需岗位；超出班次时间。",
    ),
    ({}, "Why was not recorded.", "没有记录原因。"),
]


@pytest.mark.parametrize(("why", "detail", "en", "zh"), WAITING)
def test_why_a_task_waits(why: WaitingReason, detail: dict[str, Any], en: str, zh: str) -> None:
    assert why_it_waits(why, detail, NAMES) == Said(en, zh)


def test_every_waiting_reason_has_its_sentences() -> None:
    assert {why for why, *_ in WAITING} == set(WaitingReason)


@pytest.mark.parametrize(("stored", "en", "zh"), ASSIGNED)
def test_why_a_team_has_a_task(stored: dict[str, Any], en: str, zh: str) -> None:
    assert why_this_team(RED, stored, NAMES) == Said(en, zh)


def test_what_giving_a_task_to_a_team_does() -> None:
    begin_at = NOW + timedelta(minutes=35)
    free = Given(RED, begin_at, reason(240, 2100).figures(), ())
    assert what_it_does(free, NAMES) == Said(
        "Red 3 begins it at 16:35: 4 min of extra travel, in its home grid, to begin 35 min before it is due.",
        "Red 3预计16:35开始：多走4分钟，在责任网格内，比截止时间提前35分钟开始。",
    )
    held = Given(RED, begin_at, {}, ())
    assert what_it_does(held, NAMES) == Said(
        "Red 3 has it already and begins it at 16:35.", "已在Red 3，预计16:35开始。"
    )
    forced = what_it_does(free._replace(breaks=list(phrases.BREAKS)), NAMES)
    assert forced.en.endswith("more visits than a shift allows.")
    assert all(broken.en in forced.en and broken.zh in forced.zh for broken in phrases.BREAKS.values())


def test_a_team_without_a_name_here_is_a_team() -> None:
    nobody = Names(teams={}, zone=UTC, now=NOW)
    assert why_this_team(RED, {"slack_s": 60}, nobody).en == "a team: to begin 1 min before it is due."


def test_the_teams_that_sentences_name_are_known_beforehand() -> None:
    assert teams_named(reason(1, 1, next_best=LATE_BLUE).as_json()) == {BLUE}
    assert teams_named(FOUR_MINUTES) == {RED}
    assert teams_named({}) == set()
    assert teams_named({"team_id": "Red 3", "next_best": 7}) == set()


def test_no_name_of_a_team_is_taken_for_a_place_to_fill_in() -> None:
    braces = Names(teams={RED: "{lacks} {0}"}, zone=UTC, now=NOW)
    said = why_it_waits(WaitingReason.ROLE_MISSING, {"roles": ["doctor"], **FOUR_MINUTES}, braces)
    assert said.en.endswith("{lacks} {0} (4 min away) comes closest: it lacks a doctor.")


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text("ab{}", max_size=4) | st.uuids().map(str)
moments = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.datetimes().map(datetime.isoformat)
values = st.recursive(scalars | moments, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
names = st.sampled_from(
    [
        "team_id",
        "travel_s",
        "roles",
        "capabilities",
        "stopped_by",
        "earliest",
        "shift_ends",
        "added_travel_s",
        "home_grid",
        "slack_s",
        "on_time",
        "by_hand",
        "breaks",
    ]
)
facts = st.dictionaries(names, values)
reasons = st.builds(
    lambda own, other: {**own, **other}, facts, st.fixed_dictionaries({}, optional={"next_best": st.none() | facts})
)
RAW = re.compile(r"None|True|False|datetime|UUID|\[|\]|  |\.\.|。。|[:：,，]\s*[.。]|^\s*$|[a-z]_[a-z]")


def assert_readable(said: Said) -> None:
    for text in said:
        assert not RAW.search(text.replace("{", "#").replace("}", "#")), text
    assert said.en.endswith(".")
    assert said.zh.endswith("。")


@given(st.sampled_from(WaitingReason), facts)
def test_whatever_was_stored_with_a_wait_it_is_told_in_both_languages(
    why: WaitingReason, detail: dict[str, Any]
) -> None:
    assert_readable(why_it_waits(why, detail, NAMES))
    teams_named(detail)


@given(reasons)
def test_whatever_was_stored_with_an_assignment_it_is_told_in_both_languages(stored: dict[str, Any]) -> None:
    assert_readable(why_this_team(RED, stored, NAMES))
    assert_readable(what_it_does(Given(RED, NOW, stored, ()), NAMES))


def test_no_phrase_lacks_a_language_or_a_place_that_the_other_has() -> None:
    for table in (
        phrases.HEADS,
        phrases.NEAREST,
        phrases.ROLES,
        phrases.CAPABILITIES,
        phrases.FIGURES,
        phrases.PARTS,
        phrases.BREAKS,
    ):
        for said in table.values():
            assert said.en
            assert said.zh
            assert set(re.findall(r"{\w+}", said.en)) == set(re.findall(r"{\w+}", said.zh))
