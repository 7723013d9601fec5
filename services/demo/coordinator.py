"""The desk: posts tasks as they come in, singly and in batches, by JSON and CSV."""

import asyncio
import csv
import io
import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson

from services.demo.client import Api
from services.demo.ledger import Ledger
from services.demo.workload import Arrival

_AT_ONCE = 16


class Coordinator:
    """Plays a day's arrivals within `day_s` seconds."""

    def __init__(self, api: Api, district: str, ledger: Ledger) -> None:
        self._api = api
        self._district = district
        self._ledger = ledger
        self._limit = asyncio.Semaphore(_AT_ONCE)

    async def post(self, arrivals: Sequence[Arrival], day_s: float) -> None:
        """Return when everything has been answered."""
        start = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for (at, way), tasks in groupby(arrivals, key=lambda task: (task.at, task.way)):
                await asyncio.sleep(max(0.0, start + at * day_s - time.monotonic()))
                bodies = [task.body for task in tasks]
                if way == "single":
                    for body in bodies:
                        group.create_task(self._post_one(body))
                else:
                    group.create_task(self._post_batch(bodies, as_csv=way == "csv"))

    async def _post_one(self, body: dict[str, Any]) -> None:
        async with self._limit:
            answer = await self._api.send("POST", "/v1/tasks", {**body, "district": self._district})
        self._ledger.posted.add(answer.body["id"])

    async def _post_batch(self, bodies: Sequence[dict[str, Any]], *, as_csv: bool) -> None:
        if as_csv:
            content, media_type = _csv(bodies), "text/csv"
        else:
            content, media_type = orjson.dumps({"tasks": list(bodies)}), "application/json"
        answer = await self._api.send(
            "POST",
            "/v1/tasks/batch",
            content,
            query={"district": self._district},
            headers={"Content-Type": media_type},
        )
        for item in answer.body["items"]:
            if item.get("id"):
                self._ledger.posted.add(item["id"])
            else:
                self._ledger.rows_refused += 1


def _csv(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """As a spreadsheet would send it: one column a field, UTF-8 with BOM."""
    rows = [_flat(body) for body in bodies]
    columns = sorted({column for row in rows for column in row})
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _flat(body: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{part}": ",".join(v) if isinstance(v, dict) else v for part, v in value.items()}
        else:
            flat[name] = value
    return flat
