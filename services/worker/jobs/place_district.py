"""The job that a nudge becomes."""

from typing import Any
from uuid import UUID

from services.worker.placer import Placer

PLACER = "placer"
"""The worker's Placer, in arq's context."""


async def place_district(ctx: dict[str, Any], district_id: str) -> None:
    """Place what is due in the district. Raises ValueError for what is no id; whatever else goes wrong, the sweep comes back to it."""
    placer: Placer = ctx[PLACER]
    await placer.place(UUID(district_id))
