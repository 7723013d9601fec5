"""Run one command and end it when the holder of our standard input is gone, however it went.

    python -I -S guard.py STOP_SIGNAL GRACE_SECONDS UID:GID|- COMMAND...

Prints the command's process id, then only waits; what the command prints goes to our standard error. The parent ends
the command by closing the pipe; the kernel closes it for a parent killed by -9. Should this guard be killed itself, Linux
ends the command too. Started by path, with the standard library only, because one runs beside every process.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> int:
    """Returns the command's exit code, or 128 + the signal that ended it."""
    stop_signal, grace_s, user, *command = arguments
    uid, gid = (int(part) for part in user.split(":")) if user != "-" else (None, None)
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        preexec_fn=_death_wish(),
    )
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    while child.poll() is None:
        ready, _, _ = select.select([sys.stdin, woken], [], [])
        if sys.stdin in ready:
            _stop(child, int(stop_signal), float(grace_s))
        else:
            os.read(woken, 64)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _death_wish() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    guard = os.getpid()

    def die_with_guard() -> None:
        # Runs after the change of user, which would clear the wish. SIGQUIT: Postgres then leaves no shared memory behind.
        prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
        if os.getppid() != guard:
            os.kill(os.getpid(), signal.SIGKILL)

    return die_with_guard


def _stop(child: subprocess.Popen[bytes], stop_signal: int, grace_s: float) -> None:
    for signal_number, patience_s in ((stop_signal, grace_s), (signal.SIGQUIT, 0.5), (signal.SIGKILL, None)):
        child.send_signal(signal_number)
        try:
            child.wait(patience_s)
            return
        except subprocess.TimeoutExpired:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
