"""Which new work wakes people, and where a phone may say that it is reached."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.errors import Invalid
from shared.domain.geography import Pace
from shared.domain.ids import new_id
from shared.domain.routing import TeamOnShift, Work
from shared.domain.wake_up import host_of, is_awake, is_urgent
from shared.settings import Settings

NOW = datetime(2026, 2, 3, 1, 0, tzinfo=UTC)
ALLOWED = Settings.model_fields["push_hosts"].get_default()


def work(*, due_in_h: float, priority: int = 3, opens_in_h: float = 0) -> Work:
    return Work(
        task_id=new_id(),
        door=None,
        point=None,
        grid_id=None,
        earliest=NOW + timedelta(hours=opens_in_h),
        due_at=NOW + timedelta(hours=due_in_h),
        service_s=60,
        priority=priority,
        roles=frozenset(),
        capabilities=frozenset(),
    )


def team(**shift: Any) -> TeamOnShift:
    made: dict[str, Any] = {"shift_id": new_id(), "shift_ends": NOW + timedelta(hours=8)} | shift
    return TeamOnShift(
        team_id=new_id(),
        pace=Pace(kmh=4.5, detour=1.3),
        place=None,
        free_at=NOW,
        roles=frozenset(),
        capabilities=frozenset(),
        home_grid_id=None,
        visits_left=None,
        setup_s=0,
        **made,
    )


def test_urgent_is_what_has_the_highest_priority_or_is_due_within_the_hour() -> None:
    assert is_urgent(work(due_in_h=6, priority=5), NOW)
    assert is_urgent(work(due_in_h=1), NOW)
    assert is_urgent(work(due_in_h=-2, opens_in_h=-3, priority=1), NOW), "overdue"
    assert not is_urgent(work(due_in_h=1.01, priority=4), NOW)


def test_what_cannot_begin_within_the_hour_wakes_nobody_yet() -> None:
    assert not is_urgent(work(due_in_h=12, opens_in_h=8, priority=5), NOW)
    assert is_urgent(work(due_in_h=12, opens_in_h=1, priority=5), NOW)


def test_who_works_later_sleeps_now() -> None:
    assert is_awake(team(shift_starts=NOW), NOW)
    assert is_awake(team(), NOW)
    assert not is_awake(team(shift_starts=NOW + timedelta(seconds=1)), NOW)
    assert not is_awake(team(shift_ends=NOW), NOW)
    assert not is_awake(team(shift_id=None), NOW)


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:APA91b_-x", "fcm.googleapis.com"),
        ("https://FCM.googleapis.com:443/fcm/send/abc", "fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA=?x=1", "updates.push.services.mozilla.com"),
        ("https://web.push.apple.com/QGuQyavXutnMH", "web.push.apple.com"),
        ("https://wns2-by3p.notify.windows.com/w/?token=a%2fb", "wns2-by3p.notify.windows.com"),
    ],
)
def test_the_push_services_of_the_common_browsers_are_allowed(endpoint: str, host: str) -> None:
    assert host_of(endpoint, ALLOWED) == host


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com.example.org/fcm/send/abc",
        "https://fcm.googleapis.com@example.org/fcm/send/abc",
        "https://example.org\\@fcm.googleapis.com/",
        "https://example.org#@fcm.googleapis.com/",
        "https://user:secret@fcm.googleapis.com/",
        "https://push.apple.com/",
        "https://evilpush.apple.com.evil/",
        "https://xpush.apple.com/",
        "https://fcm.googleapis.com./",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a\nb",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:5432/",
        "http://localhost/",
        "file:///etc/passwd",
        "ftp://fcm.googleapis.com/",
        "//fcm.googleapis.com/",
        "https://ｆcm.googleapis.com/",
        "",
    ],
)
def test_a_phone_cannot_make_us_call_anywhere_else(endpoint: str) -> None:
    with pytest.raises(Invalid) as refused:
        host_of(endpoint, ALLOWED)
    assert [error.loc for error in refused.value.errors] == ["endpoint"]


def test_plain_http_is_for_an_address_of_this_machine_that_is_named_with_its_port() -> None:
    named = ("127.0.0.1:9000", "push.example.org:8443")
    assert host_of("http://127.0.0.1:9000/x", named) == "127.0.0.1:9000"
    assert host_of("https://push.example.org:8443/x", named) == "push.example.org:8443"
    for endpoint in ("http://127.0.0.1:9001/x", "http://localhost:9000/x", "http://push.example.org:8443/x"):
        with pytest.raises(Invalid):
            host_of(endpoint, named)
