"""What `explain` says, in English and Chinese: one table a place in a sentence. `{…}` are filled in by `explain`."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.domain.words import WaitingReason


class Said(NamedTuple):
    """The same in each language."""

    en: str
    zh: str

    def with_(self, **parts: "Said") -> "Said":
        """The text with its places filled in."""
        en = self.en.format(**{name: part.en for name, part in parts.items()})
        return Said(en, self.zh.format(**{name: part.zh for name, part in parts.items()}))


# Waiting reasons; "reason/stopped_by" where that says more.
HEADS: Mapping[str, Said] = {
    WaitingReason.BEING_PLANNED: Said(
        "It is being planned; normally that takes a second.", "正在安排，一般一秒内完成。"
    ),
    "being_planned/planning_failed": Said(
        "Planning it failed and is tried again every minute. Whoever runs the system should look.",
        "安排时出错，每分钟重试一次。请通知系统维护人员。",
    ),
    WaitingReason.OPENS_LATER: Said(
        "Its window opens after every shift that is planned so far.", "开始时间晚于目前已排的所有班次。"
    ),
    "opens_later/at": Said(
        "Its window opens {at}, after every shift that is planned so far.", "{at}才能开始，晚于目前已排的所有班次。"
    ),
    WaitingReason.NO_TEAM_ON_SHIFT: Said("No team is on shift now or soon.", "现在没有小组当班，近期也没有排班。"),
    WaitingReason.ROLE_MISSING: Said(
        "No team on shift has all the roles on duty that it needs.", "当班小组中，没有一个岗位齐全。"
    ),
    WaitingReason.CAPABILITY_MISSING: Said(
        "No team on shift has everything on duty that it needs.", "当班小组中，没有一个具备所需的全部资质。"
    ),
    WaitingReason.ALL_TEAMS_FULL: Said("Every team that could do it is full.", "能做的小组都已排满。"),
    "all_teams_full/declined": Said(
        "Every team that could do it declined it in this shift.", "能做的小组在本班都已拒绝。"
    ),
    WaitingReason.NO_LOCATION: Said(
        "Nobody knows yet where to go: give the household its point on the map.",
        "还不知道去哪里：请在地图上标出住户位置。",
    ),
    WaitingReason.OUTSIDE_EVERY_GRID: Said(
        "Its point lies in none of the district's grids: correct the point, or draw the grid.",
        "地点不在本区任何网格内：请更正位置，或补画网格。",
    ),
}

# Which team comes closest, and what stops it.
NEAREST: Mapping[str, Said] = {
    "with_way": Said("{team} ({travel} away)", "{team}（{travel}路程）"),
    "lacks": Said("{team} comes closest: it lacks {lacks}.", "最接近的是{team}：缺{lacks}。"),
    "somebody_lacks": Said("The team that comes closest lacks {lacks}.", "最接近的小组缺{lacks}。"),
    "must_rest": Said("Of it, {roles} must rest in this shift.", "其中{roles}本班须休息。"),
    "must_rest/until": Said("Of it, {roles} must rest, which is over {at}.", "其中{roles}须休息，{at}结束。"),
    "nearest": Said("Nearest is {team}", "最近的是{team}"),
    "one_of_them": Said("One of them is {team}", "其中有{team}"),
    "alone": Said("{who}.", "{who}。"),
    "stopped": Said("{who}: {stops}.", "{who}：{stops}。"),
    "shift_over": Said("its shift ends {at}", "{at}下班"),
    "shift_ends/at": Said("its shift ends {at}, too soon for one more", "{at}下班，来不及再加一个"),
    "stopped/shift_ends": Said("its shift ends too soon for one more", "下班前来不及再加一个"),
    "stopped/visits": Said("it has as many visits as a shift allows", "本班上门次数已满"),
    "stopped/would_be_late": Said("one more would make others of its walk late", "再加一个会耽误后面的任务"),
}

ROLES: Mapping[str, Said] = {
    "grid_worker": Said("a grid worker", "网格员"),
    "doctor": Said("a doctor", "医生"),
    "police": Said("a police officer", "民警"),
}

CAPABILITIES: Mapping[str, Said] = {
    "swab": Said("swab training", "采样资质"),
    "woman": Said("a woman", "女性队员"),
    "women": Said("a woman", "女性队员"),
    "english": Said("somebody who speaks English", "会英语的队员"),
}

# What a task does to a team's walk.
FIGURES: Mapping[str, Said] = {
    "travel": Said("{span} of extra travel", "多走{span}"),
    "no_travel": Said("no extra travel", "不多走路"),
    "home": Said("in its home grid", "在责任网格内"),
    "away": Said("not in its home grid", "不在责任网格内"),
    "early": Said("to begin {span} before it is due", "比截止时间提前{span}开始"),
    "just_in_time": Said("to begin just in time", "刚好赶在截止时间开始"),
    "late": Said("to begin {span} late", "比截止时间晚{span}开始"),
}

# Why a team has a task, and what giving it to one does.
PARTS: Mapping[str, Said] = {
    "some_team": Said("a team", "一个小组"),
    "team": Said("{team}: {figures}.", "{team}：{figures}。"),
    "next_best": Said("Next best was {team}: {figures}.", "其次是{team}：{figures}。"),
    "no_other": Said("No other team could take it.", "没有别的小组能接。"),
    "by_hand": Said("A person chose this team.", "由人工指定。"),
    "handed_over": Said("It follows the team whose shift ended.", "由接班小组接手。"),
    "although": Said("It was given although: {breaks}.", "指定时已知：{breaks}。"),
    "no_reason": Said("Why was not recorded.", "没有记录原因。"),
    "would_begin": Said("{team} begins it {at}: {figures}.", "{team}预计{at}开始：{figures}。"),
    "has_it": Said("{team} has it already and begins it {at}.", "已在{team}，预计{at}开始。"),
    "against": Said("Against it: {breaks}.", "问题：{breaks}。"),
}

# Codes of what giving a task to a team by hand breaks.
BREAKS: Mapping[str, Said] = {
    "no_shift": Said("the team has no shift", "该组没有班次"),
    "role_missing": Said("the team lacks a role", "该组缺所需岗位"),
    "capability_missing": Said("the team lacks a capability", "该组缺所需资质"),
    "declined": Said("the team declined it in this shift", "该组本班已拒绝"),
    "beyond_shift": Said("the work goes beyond the shift", "超出班次时间"),
    "makes_others_late": Said("others become late", "会让别的任务迟到"),
    "makes_break_late": Said("the team's break becomes late", "会推迟该组的休息"),
    "too_many_visits": Said("more visits than a shift allows", "超出本班上门次数"),
}
