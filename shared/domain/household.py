"""Households (doors) and subjects (people), and what makes two mentions of one the same."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

_LONGEST_KEY = 300
_GAPS = re.compile(r"[\s,;，；、]+")
_NOT_DIALLED = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One row of `households`."""

    id: UUID
    district_id: UUID
    door: str
    ref: str | None = None
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    grid_id: UUID | None = None
    access_notes: str = ""
    created_at: datetime | None = None  # None: not stored yet
    updated_at: datetime | None = None
    redacted_at: datetime | None = None  # nothing needs it any more: it lost its personal data


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One row of `subjects`: the person a task is about."""

    id: UUID
    district_id: UUID
    person: str
    ref: str | None = None
    name: str = ""
    phone: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)
    household_id: UUID | None = None
    created_at: datetime | None = None  # None: not stored yet
    updated_at: datetime | None = None
    redacted_at: datetime | None = None  # nothing needs it any more: it lost its personal data


def plain_text(text: str) -> str:
    """Text as people compare it: full-width letters made narrow, case and gaps between words set aside."""
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def plain_phone(phone: str) -> str:
    """A phone number as people compare it: digits and a leading plus."""
    return _NOT_DIALLED.sub("", unicodedata.normalize("NFKC", phone))


def door_key(ref: str | None, address: str, lat: float | None, lon: float | None) -> str:
    """What makes two mentions one door: the reference, else address and point to five decimals (about a metre)."""
    if ref:
        return f"ref:{ref}"
    point = "" if lat is None or lon is None else f"{round(lat, 5) + 0.0:.5f},{round(lon, 5) + 0.0:.5f}"
    return _short(f"at:{plain_text(address)}|{point}")


def person_key(ref: str | None, phone: str, name: str, household: str) -> str:
    """What makes two mentions one person: the reference, else phone and name, else name and `household` (its id or door)."""
    if ref:
        return f"ref:{ref}"
    dialled = plain_phone(phone)
    if dialled:
        return _short(f"tel:{dialled}|{plain_text(name)}")
    return _short(f"at:{household}|{plain_text(name)}")


def _short(key: str) -> str:
    """The key, or its digest where it is too long to be indexed well."""
    return key if len(key) <= _LONGEST_KEY else f"{key[:3]}#{hashlib.sha256(key.encode()).hexdigest()}"
