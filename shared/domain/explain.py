"""Codes and figures as sentences, in English and Chinese: why a task waits, why a team has it, what giving it to a team does.

What is told may have been stored by any release. A fact that is absent, or not as it should be, is left out of the sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple
from uuid import UUID

from shared.domain.phrases import BREAKS, CAPABILITIES, FIGURES, HEADS, NEAREST, PARTS, ROLES, Said
from shared.domain.words import WaitingReason

Facts = Mapping[str, object]
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What sentences about a district need besides the facts: the names of its teams, its time zone, and when they are said."""

    teams: Mapping[UUID, str]
    zone: tzinfo
    now: datetime


class Given(NamedTuple):
    """A task given to a team by a person: what it does to the walk. `breaks`: codes, see `phrases.BREAKS`."""

    team_id: UUID
    begin_at: datetime
    reason: Facts  # empty: the team had it already
    breaks: Sequence[str]


def teams_named(facts: Facts) -> set[UUID]:
    """The teams that a sentence about these facts names."""
    other = facts.get("next_best")
    named = [facts.get("team_id"), other.get("team_id") if isinstance(other, Mapping) else None]
    return {team_id for text in named if (team_id := _as_id(text))}


def why_it_waits(reason: WaitingReason, detail: Facts, names: Names) -> Said:
    """The sentences for a waiting reason with its detail (see `reasons.Waiting`)."""
    stopped_by = detail.get("stopped_by")
    head = HEADS.get(f"{reason}/{stopped_by}", HEADS[reason])
    if reason is WaitingReason.OPENS_LATER and (earliest := _moment(detail, "earliest")):
        head = HEADS["opens_later/at"].with_(at=_at(earliest, names))
    return _together(head, *_who_comes_closest(reason, detail, names))


def why_this_team(team_id: UUID, reason: Facts, names: Names) -> Said:
    """The sentences for the reason stored with an assignment (see `reasons.AssignmentReason`)."""
    said = [PARTS[how] for how in ("by_hand", "handed_over") if reason.get(how) is True]
    if figures := _figures(reason):
        said.append(PARTS["team"].with_(team=_name(team_id, names), figures=figures))
    if "next_best" in reason:
        other = reason["next_best"]
        if other is None:
            said.append(PARTS["no_other"])
        elif isinstance(other, Mapping) and (figures := _figures(other)):
            said.append(PARTS["next_best"].with_(team=_name(_as_id(other.get("team_id")), names), figures=figures))
    if breaks := _texts(reason, "breaks"):
        said.append(PARTS["although"].with_(breaks=_breaks(breaks)))
    return _together(*said) if said else PARTS["no_reason"]


def what_it_does(given: Given, names: Names) -> Said:
    """The sentences for a task given, or to be given, to a team by a person."""
    team, at = _name(given.team_id, names), _at(given.begin_at, names)
    figures = _figures(given.reason)
    said = [
        PARTS["would_begin"].with_(team=team, at=at, figures=figures)
        if figures
        else PARTS["has_it"].with_(team=team, at=at)
    ]
    if given.breaks:
        said.append(PARTS["against"].with_(breaks=_breaks(given.breaks)))
    return _together(*said)


def _who_comes_closest(reason: WaitingReason, detail: Facts, names: Names) -> Iterable[Said]:
    team_id, travel_s = _as_id(detail.get("team_id")), _number(detail, "travel_s")
    if reason in (WaitingReason.ROLE_MISSING, WaitingReason.CAPABILITY_MISSING):
        lacks = _lacks(reason, detail)
        if lacks and team_id:
            yield NEAREST["lacks"].with_(team=_with_way(team_id, travel_s, names), lacks=lacks)
        elif lacks:
            yield NEAREST["somebody_lacks"].with_(lacks=lacks)
        if resting := _texts(detail, "must_rest"):
            roles, over = (
                _listed([ROLES.get(each) or _as_words(each) for each in resting]),
                _moment(detail, "rest_until"),
            )
            until = {} if over is None else {"at": _at(over, names)}
            yield NEAREST["must_rest/until" if until else "must_rest"].with_(roles=roles, **until)
    elif team_id and reason in (WaitingReason.OPENS_LATER, WaitingReason.ALL_TEAMS_FULL):
        who = NEAREST["one_of_them" if travel_s is None else "nearest"]
        stops = _what_stops_it(reason, detail, names)
        said = who.with_(team=_with_way(team_id, travel_s, names))
        yield (NEAREST["stopped"].with_(who=said, stops=stops) if stops else NEAREST["alone"].with_(who=said))


def _lacks(reason: WaitingReason, detail: Facts) -> Said | None:
    is_role = reason is WaitingReason.ROLE_MISSING
    lacking = _texts(detail, "roles" if is_role else "capabilities")
    known = ROLES if is_role else CAPABILITIES
    return _listed([known.get(word) or _as_words(word) for word in lacking]) if lacking else None


def _what_stops_it(reason: WaitingReason, detail: Facts, names: Names) -> Said | None:
    ends = _moment(detail, "shift_ends")
    if reason is WaitingReason.OPENS_LATER:
        return NEAREST["shift_over"].with_(at=_at(ends, names)) if ends else None
    stopped_by = detail.get("stopped_by")
    if stopped_by == "shift_ends" and ends:
        return NEAREST["shift_ends/at"].with_(at=_at(ends, names))
    return NEAREST.get(f"stopped/{stopped_by}")


def _with_way(team_id: UUID, travel_s: int | None, names: Names) -> Said:
    team = _name(team_id, names)
    return team if travel_s is None else NEAREST["with_way"].with_(team=team, travel=_span(travel_s))


def _figures(facts: Facts) -> Said | None:
    """Travel, home grid and slack, as far as they are told."""
    said = []
    travel_s, slack_s, home = _number(facts, "added_travel_s"), _number(facts, "slack_s"), facts.get("home_grid")
    if travel_s is not None:
        hardly = travel_s < _MINUTE / 2
        said.append(FIGURES["no_travel"] if hardly else FIGURES["travel"].with_(span=_span(travel_s)))
    if isinstance(home, bool):
        said.append(FIGURES["home" if home else "away"])
    if slack_s is not None:
        said.append(_slack(slack_s))
    return Said(", ".join(part.en for part in said), "，".join(part.zh for part in said)) if said else None


def _slack(slack_s: int) -> Said:
    if slack_s < 0:
        return FIGURES["late"].with_(span=_span(-slack_s))
    return FIGURES["just_in_time"] if slack_s < _MINUTE / 2 else FIGURES["early"].with_(span=_span(slack_s))


def _breaks(codes: Sequence[str]) -> Said:
    said = [BREAKS.get(code) or _as_words(code) for code in codes]
    return Said("; ".join(part.en for part in said), "；".join(part.zh for part in said))


def _span(seconds: int) -> Said:
    """A length of time as people say it: minutes, from 100 of them on hours, from two days on days."""
    if seconds < _MINUTE / 2:
        return Said("less than a minute", "不到1分钟")
    minutes = (seconds + _MINUTE // 2) // _MINUTE
    if minutes < 100:
        return Said(f"{minutes} min", f"{minutes}分钟")
    if seconds >= 2 * _DAY:
        days = (seconds + _DAY // 2) // _DAY
        return Said(f"{days} days", f"{days}天")
    hours, rest = divmod(minutes, 60)
    return Said(f"{hours} h {rest} min", f"{hours}小时{rest}分钟") if rest else Said(f"{hours} h", f"{hours}小时")


def _at(moment: datetime, names: Names) -> Said:
    """The time of day in the district, with the date where that is not today's."""
    there, today = moment.astimezone(names.zone), names.now.astimezone(names.zone).date()
    clock = f"{there:%H:%M}"
    if there.date() == today:
        return Said(f"at {clock}", clock)
    year = "" if there.year == today.year else str(there.year)
    en = f"at {clock} on {there.day} {_MONTHS[there.month - 1]} {year}".rstrip()
    return Said(en, f"{year and year + '年'}{there.month}月{there.day}日{clock}")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def _name(team_id: UUID | None, names: Names) -> Said:
    name = names.teams.get(team_id, "") if team_id else ""
    return Said(name, name) if name else PARTS["some_team"]


def _as_words(code: str) -> Said:
    """A code that nobody gave a word: a district's own role or capability."""
    text = code.replace("_", " ")
    return Said(text, f"“{text}”")


def _listed(parts: Sequence[Said]) -> Said:
    *first, last = (part.en for part in parts)
    return Said(f"{', '.join(first)} and {last}" if first else last, "、".join(part.zh for part in parts))


def _together(*said: Said) -> Said:
    return Said(" ".join(part.en for part in said), "".join(part.zh for part in said))


def _number(facts: Facts, name: str) -> int | None:
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(facts: Facts, name: str) -> list[str]:
    value = facts.get(name)
    return [text for text in value if isinstance(text, str) and text] if isinstance(value, list | tuple) else []


def _as_id(value: object) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(facts: Facts, name: str) -> datetime | None:
    """A moment within some thousand years, so that every time zone has it."""
    value = facts.get(name)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo is not None and 1900 < moment.year < 9999 else None
