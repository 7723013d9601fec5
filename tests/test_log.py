"""What processes write about themselves: JSON lines, and nothing of what an error said."""

import json
import subprocess
import sys

SECRET = "Zhang Wei, +86 138 0000 0000"
PROGRAM = f"""
import asyncio, gc, logging
from shared.log import configure_logging, describe, get_logger
from shared.settings import Settings

def broken():
    raise ValueError("Key (phone)=({SECRET}) already exists.")

async def forget_a_failure():
    asyncio.get_running_loop().create_future().set_exception(ValueError("{SECRET}"))
    gc.collect()

configure_logging(Settings(log_format="json"), service="worker")
try:
    broken()
except ValueError as error:
    get_logger("ours").error("it_broke", **describe(error))
    logging.getLogger("a.library").exception("Error handling request")
asyncio.run(forget_a_failure())
"""


def test_no_log_line_repeats_what_an_error_said() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert SECRET not in done.stderr
    ours, library, forgotten = (json.loads(line) for line in done.stderr.splitlines())
    for line in (ours, library):
        assert line["error"] == "ValueError"
        assert line["frames"][-1].endswith("broken")
    assert ours["event"] == "it_broke"
    assert library["event"] == "Error handling request"
    assert library["logger"] == "a.library"
    assert forgotten["event"] == "Future exception was never retrieved"
