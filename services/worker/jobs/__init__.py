"""What the worker takes from the queue, and what a job is given."""

from services.worker.jobs.place_district import place_district

JOBS = (place_district,)
"""Each under its own name, which is the constant of that name in `shared.queue`."""
