"""What an older district lacks is added with one press; who calls, and how many tubes wait, is said where it is needed."""

from typing import get_args
from uuid import UUID

import pytest
from playwright.async_api import expect

from shared.domain.ids import new_id
from shared.store.connection import Pool
from tests.phones import phone_of
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.words import Language

GONE = {"en": "Psychological support", "zh": "心理疏导"}
POINT = "北门"

in_both = pytest.mark.parametrize("language", get_args(Language))


@in_both
async def test_the_desk_adds_the_usual_kinds_with_one_press(
    district: District, desks: Desks, language: Language
) -> None:
    of_it = "district_id = $1 AND code = 'psychological_support'"
    await district.conn.execute(
        f"DELETE FROM kind_forms WHERE kind_id IN (SELECT id FROM kinds WHERE {of_it})", district.id
    )
    await district.conn.execute(f"DELETE FROM kinds WHERE {of_it}", district.id)
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.set_up("Kinds")
    row = console.page.get_by_role("row").filter(has_text=GONE[language])
    await expect(row).to_have_count(0)
    await console.button("Add the usual kinds").click()
    await expect(row).to_be_visible()
    await console.button("Add the usual kinds").click()
    await console.says("All of them are there already.")


@in_both
async def test_the_desk_adds_the_usual_protocols_with_one_press(
    district: District, desks: Desks, language: Language
) -> None:
    await district.conn.execute("DELETE FROM protocols WHERE district_id = $1 AND code = 'fever_watch'", district.id)
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.set_up("Protocols")
    await expect(console.page.get_by_role("rowheader").first).to_be_visible()
    row = console.page.get_by_role("row").filter(has_text="fever_watch")
    await expect(row).to_have_count(0)
    await console.button("Add the usual protocols").click()
    await expect(row).to_be_visible()
    await console.button("Add the usual protocols").click()
    await console.says("All of them are there already.")


@in_both
async def test_a_phone_says_how_many_tubes_wait_where_and_the_desk_who_calls(
    district: District, desks: Desks, pool: Pool, language: Language
) -> None:
    await district.conn.execute("UPDATE members SET capabilities = '{swab}' WHERE id = $1", district.members[1].id)
    swabbed = await district.post_placed("四川北路1号", kind="home_swab")
    doctor = await phone_of(pool, district.members[1].id)
    report = doctor.visit(swabbed, result={"sample_taken": True, "tube_code": "A-7"})
    await doctor.send(report)
    call = await district.post_placed("四川北路2号", kind="trace_call", subject={"phone": "+8613800138000"})
    await _have_fetched(district, report.id, swabbed)
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.page.goto(console.page.url.split("#")[0] + f"#/task/{call}")
    name = await district.conn.fetchval("SELECT name FROM members WHERE id = $1", district.members[0].id)
    await expect(console.page.get_by_text(console.say("Who calls"))).to_be_visible()
    await expect(console.page.locator(".task__facts")).to_contain_text(name)
    phone = await desks.phone(language=language)
    await phone.log_in(district.members[0])
    await phone.open_door("四川北路3号")
    await phone.says("Tubes to expect: {n}, at {point}")
    await phone.shows(rf"1\D.*{POINT}")


async def _have_fetched(district: District, visit_id: UUID, swabbed: UUID) -> None:
    """A team has the transport of what that visit left at a pick-up point."""
    leg_id = await district.post("四川北路3号", kind="specimen_transport")
    point_id = new_id()
    await district.conn.execute(
        """
        INSERT INTO pick_up_points (id, district_id, household_id, name, lab_address, kinds)
        SELECT $2, district_id, household_id, $3, '中山路5号', '{home_swab}' FROM tasks WHERE id = $1
        """,
        leg_id,
        point_id,
        POINT,
    )
    await district.conn.execute(
        """
        INSERT INTO specimen_legs (task_id, district_id, pick_up_point_id, round_ends_at, due_at)
        SELECT id, district_id, $2, now(), due_at FROM tasks WHERE id = $1
        """,
        leg_id,
        point_id,
    )
    await district.conn.execute(
        "INSERT INTO specimens (visit_id, district_id, task_id, leg_id) VALUES ($1, $2, $3, $4)",
        visit_id,
        district.id,
        swabbed,
        leg_id,
    )
    await district.until("SELECT team_id IS NOT NULL FROM tasks WHERE id = $1", leg_id)
