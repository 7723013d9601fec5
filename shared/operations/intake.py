"""Taking tasks in: one or ten thousand by the same few statements; good ones land, each bad one comes back as its error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from asyncpg import DeadlockDetectedError

from shared.domain.errors import BodyDiffers, DomainError, FieldError, Invalid, NotFound, Taken
from shared.domain.ids import new_id
from shared.domain.intake import LOOK_AGAIN_ASTRAY, TaskDraft, astray, check_reachable, window
from shared.domain.task import Task
from shared.domain.words import Channel, WaitingReason
from shared.operations import mentions, trying
from shared.operations.mentions import Person, Place
from shared.store import task_intake
from shared.store.connection import Connection
from shared.store.task_intake import Ground

_NOWHERE = Place()
_NOBODY = Person()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """A task that is in: new, or `repeated` (it was in already, said in the same words).

    `possible_duplicate`: an open task of the same kind for the same subject or household.
    """

    task: Task
    repeated: bool = False
    possible_duplicate: UUID | None = None


Answer = TakenIn | DomainError


class _StartAgain(Exception):
    """What was read does not hold any more, or a draft turned out to be bad: undo, and go again with what is known now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intake:
    """One round: the drafts, and what the district says about them. `refused` grows from round to round."""

    district_id: UUID
    ground: Ground
    drafts: Sequence[TaskDraft]
    fingerprints: Mapping[int, bytes]
    refused: dict[int, DomainError]
    now: datetime


async def take_in(
    conn: Connection,
    district_id: UUID,
    drafts: Sequence[TaskDraft],
    *,
    now: datetime,
    account_id: UUID | None = None,
) -> list[Answer]:
    """Make these tasks of one district, with their households and subjects, in one transaction. Answers in the order of the drafts.

    An answer is the task, or Invalid (naming the fields), BodyDiffers (the ref or id came before with another body), Taken (the id belongs
    to something else). Raises NotFound where there is no such district.
    """
    refused: dict[int, DomainError] = {}
    fingerprints = {index: draft.fingerprint() for index, draft in enumerate(drafts) if draft.can_be_repeated}
    while True:
        try:
            async with conn.transaction():
                ground = await task_intake.select_ground(conn, district_id, {draft.kind for draft in drafts})
                if ground is None:
                    raise NotFound("There is no such district.")
                intake = _Intake(
                    district_id=district_id,
                    ground=ground,
                    drafts=drafts,
                    fingerprints=fingerprints,
                    refused=refused,
                    now=now,
                )
                return await _attempt(conn, intake, account_id)
        except (_StartAgain, DeadlockDetectedError):
            continue  # ends: a round is undone by a commit of somebody else, or by one more draft refused


async def try_out(
    conn: Connection,
    district_id: UUID,
    chunks: Sequence[Sequence[TaskDraft]],
    *,
    now: datetime,
    account_id: UUID | None = None,
) -> list[Answer]:
    """What `take_in` would answer to these chunks one after the other; then all of it is undone, so nothing is there and nobody is told.

    The ids of what would be made are as made up as that. Raises NotFound where there is no such district.
    """

    async def take_all_in() -> list[Answer]:
        answers: list[Answer] = []
        for drafts in chunks:
            answers += await take_in(conn, district_id, drafts, now=now, account_id=account_id)
        return answers

    return await trying.try_out(conn, take_all_in)


async def _attempt(conn: Connection, intake: _Intake, account_id: UUID | None) -> list[Answer]:
    answers = {**await _known_already(conn, intake), **intake.refused}
    fresh = {index: draft for index, draft in enumerate(intake.drafts) if index not in answers}
    known = await mentions.find_known(conn, intake.district_id, fresh.values())
    windows: dict[int, tuple[datetime, datetime]] = {}
    for index, draft in fresh.items():
        try:
            mentions.check_known(draft, known)
            windows[index] = _checked(draft, intake)
        except DomainError as error:
            answers[index] = error
    repeats = _repeats_within(windows, intake)
    new = {index: draft for index, draft in fresh.items() if index in windows and index not in repeats}
    made = await _make(conn, intake, new, windows, known)
    hashes = [intake.fingerprints.get(index) for index in made]
    duplicates = await task_intake.insert_tasks(conn, list(made.values()), hashes, account_id=account_id)
    if len(duplicates) < len(made):
        raise _StartAgain
    twins = _twins(made.values())
    taken = {
        index: TakenIn(task=task, possible_duplicate=duplicates[task.id] or twins.get(task.id))
        for index, task in made.items()
    }
    answers.update(taken)
    for index, first in repeats.items():
        same = intake.fingerprints[index] == intake.fingerprints[first]
        answers[index] = replace(taken[first], repeated=True) if same else _differs(intake.drafts[index])
    return [answers[index] for index in range(len(intake.drafts))]


async def _known_already(conn: Connection, intake: _Intake) -> dict[int, Answer]:
    """Answers to the drafts whose ref or id is in use. What they look like is only looked up for those that are in."""
    named = [intake.drafts[index] for index in intake.fingerprints]
    if not named:
        return {}
    refs = [draft.ref for draft in named if draft.ref is not None]
    ids = [draft.id for draft in named if draft.id is not None]
    earlier = await task_intake.select_earlier(conn, intake.district_id, refs, ids)
    by_ref = {task.ref: (task, fingerprint) for task, fingerprint in earlier if task.district_id == intake.district_id}
    by_id = {task.id: (task, fingerprint) for task, fingerprint in earlier}
    answers: dict[int, Answer] = {}
    for index, fingerprint in intake.fingerprints.items():
        draft = intake.drafts[index]
        found = (by_ref.get(draft.ref) if draft.ref is not None else None) or (
            by_id.get(draft.id) if draft.id else None
        )
        if found is None:
            continue
        task, before = found
        if task.district_id != intake.district_id:
            answers[index] = Taken(errors=(FieldError(in_="body", loc="id", msg="This id is in use already."),))
        else:
            answers[index] = TakenIn(task=task, repeated=True) if before == fingerprint else _differs(draft)
    return await _with_duplicates(conn, answers)


async def _with_duplicates(conn: Connection, answers: dict[int, Answer]) -> dict[int, Answer]:
    """The answers, each repeated task with the warning that it still deserves."""
    repeated = {index: answer for index, answer in answers.items() if isinstance(answer, TakenIn)}
    if not repeated:
        return answers
    duplicates = await task_intake.select_duplicates(conn, [answer.task.id for answer in repeated.values()])
    warned = {
        index: replace(answer, possible_duplicate=duplicates.get(answer.task.id)) for index, answer in repeated.items()
    }
    return {**answers, **warned}


def _differs(draft: TaskDraft) -> BodyDiffers:
    loc = "id" if draft.ref is None else "ref"
    return BodyDiffers(errors=(FieldError(in_="body", loc=loc, msg="It came before with another body."),))


def _checked(draft: TaskDraft, intake: _Intake) -> tuple[datetime, datetime]:
    """The draft's window. Raises Invalid."""
    kind = intake.ground.kinds.get(draft.kind)
    if kind is None or not kind.active:
        problem = "There is no such kind." if kind is None else "This kind is not in use any more."
        raise Invalid(errors=(FieldError(in_="body", loc="kind", msg=problem),))
    check_reachable(draft, kind)
    return window(draft, kind, intake.ground.time_zone, intake.now)


def _repeats_within(indices: Iterable[int], intake: _Intake) -> dict[int, int]:
    """Drafts that say the ref or id of an earlier one among `indices` again → that earlier one."""
    first: dict[tuple[str, str], int] = {}
    repeats: dict[int, int] = {}
    for index in indices:
        draft = intake.drafts[index]
        names = [("ref", draft.ref)] if draft.ref is not None else []
        names += [("id", str(draft.id))] if draft.id is not None else []
        before = next((first[name] for name in names if name in first), None)
        if before is not None:
            repeats[index] = before
        else:
            first |= dict.fromkeys(names, index)
    return repeats


async def _make(
    conn: Connection,
    intake: _Intake,
    new: Mapping[int, TaskDraft],
    windows: Mapping[int, tuple[datetime, datetime]],
    known: mentions.Known,
) -> dict[int, Task]:
    """The tasks of these drafts, with their households and subjects in the database but not yet there themselves."""
    district_id = intake.district_id
    places = await mentions.settle_places(conn, district_id, new, known, intake.now)
    persons = await mentions.settle_persons(conn, district_id, new, places, known)
    places |= await mentions.settle_homes(conn, district_id, places, persons)
    _refuse_unreachable(new, places, persons, intake)
    made = {
        index: _task(draft, windows[index], places.get(index, _NOWHERE), persons.get(index, _NOBODY), intake)
        for index, draft in new.items()
    }
    return {
        index: _waiting(task, astray(task, has_grids=intake.ground.has_grids), intake.now)
        for index, task in made.items()
    }


def _refuse_unreachable(
    new: Mapping[int, TaskDraft], places: Mapping[int, Place], persons: Mapping[int, Person], intake: _Intake
) -> None:
    """Calls and visits that named a known person of whom neither phone nor home is known. Raises _StartAgain where there are some."""
    before = len(intake.refused)
    for index, draft in new.items():
        if persons.get(index, _NOBODY).phone:
            continue
        calls = intake.ground.kinds[draft.kind].channel is Channel.PHONE
        if calls or index not in places:
            loc, problem = (
                ("subject.phone", "No phone number is known.") if calls else ("household", "No place is known.")
            )
            intake.refused[index] = Invalid(errors=(FieldError(in_="body", loc=loc, msg=problem),))
    if len(intake.refused) > before:
        raise _StartAgain


def _task(draft: TaskDraft, window_: tuple[datetime, datetime], place: Place, person: Person, intake: _Intake) -> Task:
    kind = intake.ground.kinds[draft.kind]
    return Task(
        id=draft.id or new_id(),
        district_id=intake.district_id,
        ref=draft.ref,
        kind_id=kind.id,
        household_id=place.household_id,
        subject_id=person.subject_id,
        grid_id=place.grid_id,
        channel=kind.channel,
        lat=place.lat,
        lon=place.lon,
        earliest=window_[0],
        due_at=window_[1],
        expires=kind.expires,
        priority=kind.priority if draft.priority is None else draft.priority,
        roles=kind.required_roles,
        capabilities=tuple(sorted({*kind.required_capabilities, *draft.needs})),
        service_s=kind.service_s if draft.service_s is None else draft.service_s,
        instructions=draft.instructions,
        plan_at=intake.now,
        max_attempts=kind.max_attempts,
        made_by_task_id=draft.made_by_task_id,
        created_at=intake.now,
        updated_at=intake.now,
    )


def _waiting(task: Task, reason: WaitingReason | None, now: datetime) -> Task:
    return task if reason is None else replace(task, waiting_reason=reason, plan_at=now + LOOK_AGAIN_ASTRAY)


def _twins(made: Iterable[Task]) -> dict[UUID, UUID]:
    """Tasks of the same kind for the same subject or household as an earlier one among these → that earlier one."""
    first: dict[tuple[UUID, UUID], UUID] = {}
    twins: dict[UUID, UUID] = {}
    for task in made:
        for about in (task.subject_id, task.household_id):
            if about is not None and first.setdefault((task.kind_id, about), task.id) != task.id:
                twins.setdefault(task.id, first[task.kind_id, about])
    return twins
