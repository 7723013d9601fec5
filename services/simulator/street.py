"""What happens out there, moment by moment: tasks come in, teams walk and knock, what goes wrong goes wrong when it does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from services.simulator.agenda import Agenda
from services.simulator.day import DISTRICT_ID, Day, DayTask, Gone
from services.simulator.log import Event, Log
from services.simulator.policy import News, NewWalks, PolicyBroke
from services.simulator.walker import Walker
from services.worker.planner.problem import Problem
from shared.domain.routing import Work

KNOCK_S = 120
"""How long a knock takes that finds nobody; from the days' format."""
GRACE = timedelta(seconds=1)
"""So much before `absent_until` somebody is in already: whoever scores a day allows a second for rounding."""
RETRY_AFTER = timedelta(minutes=30)
"""After a knock in vain; sooner where the task is due sooner."""

_HAPPENS, _KNOCKS = 0, 1  # who knocks at the very moment of a cancellation comes too late


def retry_from(work: Work, now: datetime) -> datetime:
    """When a door where nobody was is worth another knock: after a while, or after half of the time that is left, if any is."""
    left = work.due_at - now
    return now + (min(RETRY_AFTER, left / 2) if left > timedelta(0) else RETRY_AFTER)


class Street:
    """The state of a day. Only what is said in `problem` is known; the rest happens."""

    def __init__(self, day: Day, agenda: Agenda, log: Log) -> None:
        self.news: set[News] = set()
        self._day = day
        self._agenda = agenda
        self._log = log
        self._tasks = {task.work.task_id: task for task in day.tasks}
        self._walkers = {team.team_id: Walker(team=team, place=team.start, roles=team.roles) for team in day.teams}
        self._pending: dict[UUID, Work] = {}
        self._holders: dict[UUID, Walker] = {}
        self._withdrawn: set[UUID] = set()
        self._undecided: dict[
            UUID, Walker
        ] = {}  # whose next step is open: a dict keeps the order, so that runs are equal
        self._announce()

    def problem(self, now: datetime) -> Problem:
        """What a planner may know: teams on shift now or soon, and the tasks that no team has."""
        soon = now + timedelta(seconds=self._day.settings.plan_ahead_s)
        return Problem(
            now=now,
            district_id=DISTRICT_ID,
            settings=self._day.settings,
            teams=tuple(
                walker.as_seen(now)
                for walker in self._walkers.values()
                if walker.team.on_from <= soon and now < walker.team.on_until
            ),
            pending=tuple(self._pending.values()),
        )

    def rewrite(self, walks: NewWalks, now: datetime) -> None:
        """These teams walk differently from now on. Raises PolicyBroke, and nothing is changed, where that cannot be."""
        wanted = {task_id: team_id for team_id, works in walks.items() for task_id in _ids(works)}
        if len(wanted) < sum(map(len, walks.values())):
            raise PolicyBroke("a task is in two places")
        for team_id, works in walks.items():
            self._check(self._walkers[team_id], works, walks)
        before = {task_id: walker for task_id, walker in self._holders.items() if walker.team_id in walks}
        for task_id, walker in before.items():
            if wanted.get(task_id) != walker.team_id:
                self._take(walker, task_id, now)
        for team_id, works in walks.items():
            walker = self._walkers[team_id]
            walker.works = [self._give(walker, work.task_id, now) for work in works]
            self._undecided[team_id] = walker

    def move_on(self, now: datetime) -> None:
        """Who has something to do and is not about it sets out, or waits until it is time to."""
        undecided, self._undecided = self._undecided, {}
        for walker in undecided.values():
            if walker.is_under_way:
                continue
            walker.step += 1
            while walker.works and walker.is_on_shift(now):
                set_out_at, begin_at = walker.times_of_next(now)
                if begin_at + timedelta(seconds=walker.works[0].service_s) > walker.team.on_until:
                    self._give_back(walker, walker.works[:1], now, News.GIVEN_BACK)
                    continue
                if set_out_at > now:
                    self._agenda.at(set_out_at, partial(self._decide_again, walker, walker.step))
                    break
                walker.set_out(now)
                self._agenda.at(begin_at, partial(self._begin_visit, walker, walker.step), rank=_KNOCKS)
                break

    def _announce(self) -> None:
        for task in self._day.tasks:
            self._agenda.at(max(task.created_at, self._day.start), partial(self._reveal, task))
            if task.cancelled_at is not None:
                self._agenda.at(task.cancelled_at, partial(self._cancel, task), rank=_HAPPENS)
        for walker in self._walkers.values():
            if walker.team.on_from >= walker.team.on_until:
                continue
            self._agenda.at(walker.team.on_from, partial(self._begin_shift, walker))
            self._agenda.at(walker.team.on_until, partial(self._end_shift, walker))
            if walker.team.gone is not None:
                self._agenda.at(walker.team.gone.at, partial(self._lose_member, walker, walker.team.gone))

    def _reveal(self, task: DayTask, _now: datetime) -> None:
        if task.work.task_id not in self._withdrawn:
            self._pending[task.work.task_id] = task.work
            self.news.add(News.ARRIVAL)

    def _cancel(self, task: DayTask, now: datetime) -> None:
        task_id = task.work.task_id
        self._withdrawn.add(task_id)
        self._pending.pop(task_id, None)
        walker = self._holders.get(task_id)
        if walker is None or (walker.began_at is not None and walker.works[0].task_id == task_id):
            return  # closed, or begun: then the visit is made
        self._take(walker, task_id, now)
        del self._pending[task_id]
        self.news.add(News.CANCELLED)

    def _begin_shift(self, walker: Walker, _now: datetime) -> None:
        self.news.add(News.SHIFT_BEGAN)
        self._undecided[walker.team_id] = walker

    def _end_shift(self, walker: Walker, now: datetime) -> None:
        self._give_back(walker, walker.waiting_works, now, News.SHIFT_ENDED)

    def _lose_member(self, walker: Walker, gone: Gone, now: datetime) -> None:
        walker.roles -= {gone.role}
        kept = 1 if walker.began_at is not None else 0
        lost = [work for work in walker.works[kept:] if gone.role in work.roles]
        self._give_back(walker, lost, now, News.OFF_DUTY)

    def _begin_visit(self, walker: Walker, step: int, now: datetime) -> None:
        if walker.step != step:
            return
        work = walker.begin(now)
        task = self._tasks[work.task_id]
        self._log.add(now, Event.STARTED, work.task_id, walker.team_id)
        found = task.absent_until is None or now + GRACE >= task.absent_until
        lasts = timedelta(seconds=task.actual_service_s if found else KNOCK_S)
        self._agenda.at(now + lasts, partial(self._end_visit, walker, found))

    def _end_visit(self, walker: Walker, found: bool, now: datetime) -> None:
        work = walker.leave()
        del self._holders[work.task_id]
        self._log.add(now, Event.FINISHED, work.task_id, walker.team_id, found=found)
        self.news.add(News.VISITED)
        self._undecided[walker.team_id] = walker
        if not found and work.task_id not in self._withdrawn:
            self._log.add(now, Event.RELEASED, work.task_id, walker.team_id, unable=True)
            self._pending[work.task_id] = replace(work, earliest=retry_from(work, now))
            self.news.add(News.NOBODY_IN)

    def _decide_again(self, walker: Walker, step: int, _now: datetime) -> None:
        if walker.step == step:
            self._undecided[walker.team_id] = walker

    def _give_back(self, walker: Walker, works: Sequence[Work], now: datetime, why: News) -> None:
        for work in tuple(works):
            self._take(walker, work.task_id, now, unable=True)
        self.news.add(why)

    def _take(self, walker: Walker, task_id: UUID, now: datetime, *, unable: bool = False) -> None:
        """The task is pending again; the team stops if it was on its way there."""
        at = next(at for at, work in enumerate(walker.works) if work.task_id == task_id)
        work = walker.stop_on_the_way(now) if at == 0 and walker.set_out_at else walker.works.pop(at)
        del self._holders[task_id]
        self._pending[task_id] = work
        self._log.add(now, Event.RELEASED, task_id, walker.team_id, unable=unable)
        self._undecided[walker.team_id] = walker

    def _give(self, walker: Walker, task_id: UUID, now: datetime) -> Work:
        """The team has the task from now on, if it has not already. Returns the work as it stands."""
        if self._holders.get(task_id) is walker:
            return next(work for work in walker.works if work.task_id == task_id)
        self._holders[task_id] = walker
        self._log.add(now, Event.ASSIGNED, task_id, walker.team_id)
        return self._pending.pop(task_id)

    def _check(self, walker: Walker, works: Sequence[Work], walks: NewWalks) -> None:
        name = walker.team.id
        if walker.is_under_way and _ids(works[:1]) != _ids(walker.works[:1]):
            raise PolicyBroke(f"{name} is under way and cannot be sent elsewhere")
        for work in works:
            holder = self._holders.get(work.task_id)
            task = self._tasks[work.task_id].id
            if work.task_id not in self._pending and (holder is None or holder.team_id not in walks):
                raise PolicyBroke(f"{task} is not to be had for {name}")
            if holder is not walker and not (
                work.roles <= walker.roles and work.capabilities <= walker.team.capabilities
            ):
                raise PolicyBroke(f"{name} cannot do {task}")


def _ids(works: Sequence[Work]) -> list[UUID]:
    return [work.task_id for work in works]
