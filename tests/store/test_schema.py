"""The database and the code say the same: words, constraints, references, times."""

import inspect
import re
from collections.abc import Iterable
from enum import StrEnum

import pytest

from shared.domain import words
from shared.store import constraints
from shared.store.connection import Connection

# Word → the columns that keep it, each with the words that it never keeps.
COLUMNS: dict[type[StrEnum], dict[str, set[str]]] = {
    words.Status: {"tasks.status": set()},
    words.WaitingReason: {"tasks.waiting_reason": set()},
    words.Outcome: {"visits.outcome": set()},
    words.Trigger: {"consequences.trigger": set()},
    words.Consequence: {"consequences.what": set()},
    words.FollowUpStatus: {"follow_ups.status": set()},
    words.EndReason: {"assignments.end_reason": set()},
    words.Channel: {"kinds.channel": set(), "tasks.channel": set()},
    words.Duty: {"members.duty": set()},
    words.RestRule: {"rests.rule": set()},
    words.Mode: {"teams.mode": set()},
    words.Permission: {"accounts.permission": {words.Permission.MEMBER}},  # a member is no account
    words.ContactClass: {"contacts.class": set()},
    words.TokenPurpose: {"tokens.purpose": set()},
    words.AlarmCode: {"alarms.what": set(), "alarm_rules.what": set()},
    words.AlarmLevel: {"alarms.level": set(), "alarm_levels.level": set(), "alarm_rules.first_level": set()},
    words.WakeUp: {"push_messages.what": set()},
}
# Constraints that are about some of a column's words.
SOME_WORDS = {"tasks_held_by_a_team": words.HELD, "tasks_closed_has_a_time": words.CLOSED}


async def checks(conn: Connection) -> dict[str, tuple[str, set[str]]]:
    """Name → the one column that it names first and the words of its list, of every CHECK that has a list of words."""
    rows = await conn.fetch(
        """
        SELECT con.conname, con.conrelid::regclass::text || '.' || col.attname AS place, pg_get_constraintdef(con.oid) AS said
          FROM pg_constraint con JOIN pg_attribute col ON col.attrelid = con.conrelid AND col.attnum = con.conkey[1]
         WHERE con.contype = 'c'
        """
    )
    return {
        row["conname"]: (row["place"], set(re.findall(r"'(\w+)'::text", row["said"])))
        for row in rows
        if "ANY (ARRAY[" in row["said"]
    }


async def test_every_stored_word_is_in_a_check_and_every_check_in_a_word(conn: Connection) -> None:
    told = {place: known for name, (place, known) in (await checks(conn)).items() if name not in SOME_WORDS}
    meant = {
        place: {word.value for word in kind} - never
        for kind, places in COLUMNS.items()
        for place, never in places.items()
    }
    assert told == meant


async def test_constraints_on_some_words_mean_what_the_domain_means(conn: Connection) -> None:
    found = await checks(conn)
    assert {name: found[name][1] for name in SOME_WORDS} == {
        name: {word.value for word in some} for name, some in SOME_WORDS.items()
    }


def test_every_word_has_a_column() -> None:
    kinds = {kind for _, kind in inspect.getmembers(words, inspect.isclass) if kind.__module__ == words.__name__}
    assert kinds == set(COLUMNS)


@pytest.mark.parametrize(
    "names",
    [
        constraints._TAKEN,
        constraints._NOT_A_SLOT,
        constraints._NOT_FOUND,
        constraints._GRIDS_REDRAWN,
        constraints._EXCLUDED,
    ],
    ids=["taken", "not_a_slot", "not_found", "grids_redrawn", "excluded"],
)
async def test_every_constraint_that_errors_are_made_of_exists(conn: Connection, names: Iterable[str]) -> None:
    rows = await conn.fetch(
        "SELECT conname AS name FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
    )
    assert set(names) <= {row["name"] for row in rows}


async def test_every_constraint_that_forbids_twice_has_its_error(conn: Connection) -> None:
    rows = await conn.fetch(
        """
        SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS said, c.contype
          FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
         WHERE i.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
           AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary
        """
    )
    # What only references need, and what our own statements never run into.
    beside = {
        "alarms_once",
        "assignments_task_id_id_key",
        "assignments_one_live_per_task",
        "consequences_once",
        "tokens_hash_key",
    }
    beside |= {"follow_ups_one_live_per_subject", "follow_up_occurrences_task_id_key", "follow_up_occurrences_once"}
    beside |= {"specimen_legs_district_id_task_id_key", "specimen_legs_pick_up_point_id_round_ends_at_key"}
    found = {row["name"] for row in rows if not re.search(r"\(district_id, id\)$", row["said"])}
    assert found == beside | set(constraints._TAKEN) | set(constraints._EXCLUDED)


async def test_every_moment_is_kept_with_its_offset(conn: Connection) -> None:
    naive = await conn.fetch(
        """
        SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type IN ('timestamp without time zone', 'date', 'time without time zone')
           AND NOT (data_type = 'date' AND column_name ~ '(_day|_exposure)$')  -- a day of the district's calendar is no moment
        """
    )
    assert naive == []


async def test_whatever_belongs_to_a_district_can_belong_to_no_other(conn: Connection) -> None:
    """Of two tables that both say their district, a reference from one to the other compares it."""
    loose = await conn.fetch(
        """
        WITH tenants AS (
            SELECT attrelid AS table_id, attnum AS column_no FROM pg_attribute
             WHERE attname = 'district_id' AND NOT attisdropped AND attrelid IN
                   (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
        )
        SELECT con.conrelid::regclass::text AS from_table, con.conname
          FROM pg_constraint con JOIN tenants mine ON mine.table_id = con.conrelid JOIN tenants theirs ON theirs.table_id = con.confrelid
         WHERE con.contype = 'f' AND NOT mine.column_no = ANY (con.conkey)
         ORDER BY 2
        """
    )
    # These name a row that is found through one that is compared: the task's own assignment, the task that made it, the visit before it,
    # the visit of a specimen's task.
    through = {
        "tasks_id_assignment_id_fkey",
        "tasks_made_by_task_id_fkey",
        "visits_replaces_id_fkey",
        "specimens_visit_id_fkey",
    }
    assert {row["conname"] for row in loose} == through
