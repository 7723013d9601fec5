"""A table of tasks as people with spreadsheets send it: one row a task, one column a field."""

from services.dispatcher.payloads.sheet import Sheet, decimal, flags, integer, words

# Column → where its value goes in the JSON of `POST /v1/tasks`.
COLUMNS = {
    "kind": ("kind",),
    "id": ("id",),
    "ref": ("ref",),
    "household_id": ("household", "id"),
    "household_ref": ("household", "ref"),
    "household_address": ("household", "address"),
    "household_lat": ("household", "lat"),
    "household_lon": ("household", "lon"),
    "household_access_notes": ("household", "access_notes"),
    "subject_id": ("subject", "id"),
    "subject_ref": ("subject", "ref"),
    "subject_name": ("subject", "name"),
    "subject_phone": ("subject", "phone"),
    "subject_flags": ("subject", "flags"),
    "earliest": ("earliest",),
    "due_at": ("due_at",),
    "priority": ("priority",),
    "needs": ("needs",),
    "service_s": ("service_s",),
    "instructions": ("instructions",),
}
TASKS = Sheet(
    COLUMNS,
    required=("kind",),
    readers={
        "household_lat": decimal,
        "household_lon": decimal,
        "subject_flags": flags,
        "priority": integer,
        "needs": words,
        "service_s": integer,
    },
    times=frozenset({"earliest", "due_at"}),
)
