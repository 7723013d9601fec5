"""Why, as it is stored: with each assignment, whoever made it, and with each task that waits."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from services.worker.metrics import Metrics
from services.worker.placer import Placer
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.routing import Work
from shared.operations.improving import apply_walks, load_round
from shared.operations.overview import load_overview
from shared.operations.rosters import Seat, add_substitute
from shared.store.connection import Connection, Pool
from tests.city import add_member, add_shift, make_city, post
from tests.worker.test_improver import crossed

FIGURES = {"added_travel_s", "home_grid", "slack_s", "on_time"}


async def test_a_placed_task_names_the_other_team_that_would_have_got_it(pool: Pool, conn: Connection) -> None:
    city = await make_city(conn, teams=2)
    await post(conn, city, 10)
    await Placer(pool, Metrics(), most_at_once=1).place(city.district_id)
    rows = await conn.fetch("SELECT team_id, reason FROM assignments")
    assert len(rows) == 10
    for row in rows:
        other = row["reason"]["next_best"]
        assert {UUID(other["team_id"]), row["team_id"]} == set(city.team_ids)
        assert set(other) == {"team_id", *FIGURES}


async def test_a_task_that_no_team_fits_names_the_nearest_and_what_it_lacks(pool: Pool, conn: Connection) -> None:
    city = await make_city(conn, teams=2)
    (task_id,) = await post(conn, city, needs=("juggling",))
    await Placer(pool, Metrics(), most_at_once=1).place(city.district_id)
    row = await conn.fetchrow("SELECT waiting_reason, waiting_detail FROM tasks WHERE id = $1", task_id)
    assert row is not None
    assert (row["waiting_reason"], row["waiting_detail"]["capabilities"]) == ("capability_missing", ["juggling"])
    assert UUID(row["waiting_detail"]["team_id"]) in city.team_ids
    assert row["waiting_detail"]["travel_s"] >= 0


async def test_what_a_round_did_not_know_of_gets_the_figures_of_its_walk(conn: Connection) -> None:
    city, task_ids = await crossed(conn)
    situation = await load_round(conn, city.district_id, utc_now(), most=100)
    first, second = situation.teams
    swapped: dict[UUID, Sequence[Work]] = {first.team_id: second.works, second.team_id: first.works}
    done = await apply_walks(
        conn,
        situation.district,
        swapped,
        reasons={},
        is_better=lambda *_: True,
        now=situation.now + timedelta(seconds=1),
    )
    assert done
    rows = await conn.fetch("SELECT reason FROM assignments WHERE ended_at IS NULL")
    assert len(rows) == len(task_ids)
    assert all(set(row["reason"]) == FIGURES for row in rows)


async def test_a_task_that_waits_for_somebody_to_rest_says_so(pool: Pool, conn: Connection) -> None:
    """The doctor lent to the other team worked until two hours ago."""
    now = utc_now()
    hour = timedelta(hours=1)
    city = await make_city(conn, teams=1)
    night_team = await conn.fetchval(
        "INSERT INTO teams (id, district_id, code, name) VALUES ($1, $2, 'night', 'Night') RETURNING id",
        new_id(),
        city.district_id,
    )
    doctor = await add_member(conn, city.district_id, "doctor", team_id=night_team, since=now - 9 * hour)
    await add_shift(conn, city.district_id, night_team, now - 9 * hour, now - 2 * hour)
    await add_substitute(
        conn,
        city.team_ids[0],
        Seat(member_id=doctor, role="doctor"),
        since=None,
        until=now + 4 * hour,
        now=now,
        account_id=None,
    )
    (task_id,) = await post(conn, city, kind="temperature_check")
    await Placer(pool, Metrics(), most_at_once=1).place(city.district_id)
    row = await conn.fetchrow("SELECT waiting_reason, waiting_detail FROM tasks WHERE id = $1", task_id)
    assert row is not None
    assert row["waiting_reason"] == "role_missing"
    assert row["waiting_detail"]["must_rest"] == ["doctor"]
    (team,) = [each for each in (await load_overview(conn, city.district_id, now)).teams if each.kept_off]
    assert [kept.member_id for kept in team.kept_off] == [doctor]
    assert team.roles_missing == ("doctor",)
