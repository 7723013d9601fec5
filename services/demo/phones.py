"""The phones of a team: they fetch the route, walk it, and report what happened."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from services.demo.client import Api
from services.demo.ledger import Ledger
from services.demo.results import made_up_result
from services.demo.setup import Member
from shared.domain.clock import utc_now

_ACCEPT_NEXT = 5
_SENT_TWICE = 0.1
_DECLINED = 0.01
_OUTCOMES = {"seen_ok": 0.9, "unavailable": 0.06, "refused": 0.02, "wrong_address": 0.02}
_LOOK_EVERY_S = 1.0
"""A phone asks for its route this often even when its stream says nothing."""
_KNOCK_S = (0.05, 0.35)
"""How long a way or a visit lasts here, at least and at most."""
_STOPS_WITHOUT_SIGNAL = 3


@dataclass(slots=True)
class Phone:
    """One member's phone, logged in. It keeps the last route it saw."""

    api: Api
    member: Member
    etag: str | None = None
    route: dict[str, Any] = field(default_factory=dict)

    async def fetch_route(self) -> dict[str, Any]:
        """The team's route; 304 where the phone has it."""
        headers = {"If-None-Match": self.etag} if self.etag else {}
        answer = await self.api.send("GET", "/v1/me/route", headers=headers)
        if answer.status != 304:
            self.route, self.etag = answer.body, answer.etag
        return self.route


async def log_in(api: Api, district: str, member: Member) -> Phone:
    """Log in by phone and PIN."""
    body = {"phone": member.phone, "pin": member.pin, "district": district}
    answer = await api.send("POST", "/v1/sessions", body)
    return Phone(api=api.with_token(answer.body["token"]), member=member)


Said = tuple[Phone, dict[str, Any]]


class TeamOnTheWay:
    """A team's three phones. `loses_signal`: once, for a few doors, and reports them afterwards in one go."""

    def __init__(
        self, phones: Mapping[str, Phone], ledger: Ledger, rng: random.Random, *, loses_signal: bool = False
    ) -> None:
        self._phones = phones
        self._leader = phones["grid_worker"]
        self._ledger = ledger
        self._rng = rng
        self._loses_signal = loses_signal
        self._news = asyncio.Event()

    async def walk(self) -> None:
        """Work until cancelled."""
        listening = asyncio.create_task(self._phones["doctor"].api.events("/v1/me/events", self._news.set))
        try:
            while True:
                self._news.clear()
                stops = [stop for stop in (await self._leader.fetch_route())["stops"] if not stop["break"]]
                await self._phones["police"].fetch_route()
                if self._loses_signal and len(stops) >= _STOPS_WITHOUT_SIGNAL:
                    self._loses_signal = False
                    await self._walk_without_signal(stops[:_STOPS_WITHOUT_SIGNAL])
                elif stops:
                    await self._walk_to_next(stops)
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), _LOOK_EVERY_S)
        finally:
            listening.cancel()

    async def _walk_to_next(self, stops: Sequence[Mapping[str, Any]]) -> None:
        tasks = [task for stop in stops[:_ACCEPT_NEXT] for task in stop["tasks"]]
        new = [task["id"] for task in tasks if task["status"] == "assigned"]
        if new and self._rng.random() < _DECLINED:
            await self._send(self._leader, _said("decline", task_id=new[0], reason="too far for us"))
            return
        if new:
            await self._send(self._leader, _said("accept", task_ids=new))
        async for phone, report in self._visits_at(stops[0]):
            await self._send(phone, report)

    async def _walk_without_signal(self, stops: Sequence[Mapping[str, Any]]) -> None:
        kept_back = [said for stop in stops async for said in self._visits_at(stop)]
        for phone in self._phones.values():
            if reports := [report for by, report in kept_back if by is phone]:
                await self._send(phone, *reports)

    async def _visits_at(self, stop: Mapping[str, Any]) -> AsyncIterator[Said]:
        """What is reported at a stop, as it happens: the way there, the arrival, each visit."""
        first = stop["tasks"][0]
        yield self._leader, _said("depart", task_id=first["id"])
        await self._pass_time()
        yield self._leader, _said("arrive", task_id=first["id"])
        for task in stop["tasks"]:
            await self._pass_time()
            yield self._visit(task)

    def _visit(self, task: Mapping[str, Any]) -> Said:
        outcome = self._rng.choices(list(_OUTCOMES), weights=list(_OUTCOMES.values()))[0]
        form = next(form for form in self._leader.route["forms"] if form["kind"] == task["kind"])
        result = made_up_result(form["schema"], self._rng) if outcome == "seen_ok" else {}
        by = self._leader if task["needed"] else self._phones["doctor"]
        visit = {"task_id": task["id"], "outcome": outcome, "result": result, "form_version": form["version"]}
        return by, _said("visit", **visit)

    async def _pass_time(self) -> None:
        await asyncio.sleep(self._rng.uniform(*_KNOCK_S))

    async def _send(self, phone: Phone, *reports: dict[str, Any]) -> None:
        """Send reports in one envelope; now and then twice, as after an answer that got lost."""
        answers = await self._send_once(phone, reports)
        self._ledger.book(reports, answers)
        if self._rng.random() < _SENT_TWICE:
            self._ledger.book_again(reports, answers, await self._send_once(phone, reports))

    async def _send_once(self, phone: Phone, reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        envelope = {"sent_at": utc_now().isoformat(), "reports": list(reports)}
        answer = await phone.api.send("POST", "/v1/me/reports", envelope)
        items: list[dict[str, Any]] = answer.body["items"]
        return items


def _said(report: str, **details: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "at": utc_now().isoformat(), "report": report, **details}
