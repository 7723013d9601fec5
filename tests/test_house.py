"""Rules of the house that hold for every module: importing does nothing, names say what is inside."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for package in ("services", "shared") for path in (ROOT / package).rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}
STORE_VERBS = {"select", "insert", "update", "delete", "lock", "claim", "upsert", "unlock", "has", "was"}
STORE_MODULES_WITHOUT_STATEMENTS = {"connection", "constraints", "migrate", "outage", "patterns"}

# Imports everything twice: first to have all that is not ours in place, then ours alone, under guard.
PROGRAM = """
import importlib, os, sys, threading

sys.dont_write_bytecode = True
names = sys.argv[1:]
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] in ("services", "shared")]:
    del sys.modules[name]

FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.putenv", "os.unsetenv",
    "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.scandir", "os.walk",
    "os.truncate", "os.utime", "shutil.", "tempfile.", "glob.", "pathlib.", "sqlite3.", "urllib.", "http.client.", "ctypes.",
    "_thread.", "signal.", "webbrowser.",
)
found = []
guarded = False


def guard(event, arguments):
    if not guarded:
        return
    is_source = event == "open" and str(arguments[0]).endswith((".py", ".pyc")) and arguments[1] in (None, "r", "rb")
    if event.startswith(FORBIDDEN) or (event == "open" and not is_source):
        found.append(f"{event} {arguments!r:.200}")


class Watched(dict):
    def note(self, name):
        if guarded and name != "PYDANTIC_DISABLE_PLUGINS":  # which pydantic asks at every model
            found.append(f"reads the environment: {name}")

    def __getitem__(self, name):
        self.note(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.note(name)
        return super().get(name, default)

    def __contains__(self, name):
        self.note(name)
        return super().__contains__(name)

    def __iter__(self):
        self.note("all of it")
        return super().__iter__()


os.environ = Watched(os.environ)
sys.addaudithook(guard)
start = threading.Thread.start
threading.Thread.start = lambda thread: (found.append("starts a thread"), start(thread))
for name in names:
    before = len(found)
    guarded = True
    importlib.import_module(name)
    guarded = False
    found[before:] = [f"{name}: {event}" for event in found[before:]]
print("\\n".join(found))
"""


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The module's public functions."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def what_imports_do(names: list[str], folder: Path = ROOT) -> str:
    command = [sys.executable, "-c", PROGRAM, *names]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ended.stdout.strip()


def test_importing_any_module_does_nothing() -> None:
    assert what_imports_do([dotted(path) for path in MODULES]) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import os; os.environ.get('HOME')", "reads the environment: HOME"),
        ("import os; os.getenv('HOME')", "reads the environment: HOME"),
        ("import socket; socket.socket()", "socket.__new__"),
        ("open(__file__ + '.txt', 'w')", "open"),
        ("import pathlib; pathlib.Path(__file__).with_suffix('.txt').write_text('')", "open"),
        ("import threading; threading.Thread(target=print).start()", "starts a thread"),
    ],
)
def test_the_guard_sees_what_an_import_does(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "__init__.py").write_text(line)
    assert said in what_imports_do(["shared"], tmp_path)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_says_what_it_is_for_by_name_and_docstring(path: Path) -> None:
    assert not set(path.relative_to(ROOT).with_suffix("").parts) & NAMES_THAT_SAY_NOTHING
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "say in a docstring what is in here"
    assert "TODO" not in text
    assert "FIXME" not in text


@pytest.mark.parametrize("path", [path for path in MODULES if "handlers" in path.parts], ids=dotted)
def test_what_a_handler_module_answers_begins_with_a_method(path: Path) -> None:
    handlers = [node.name for node in functions(path) if (node.args.args or [ast.arg("")])[0].arg == "request"]
    assert [name for name in handlers if name.partition("_")[0] not in {"get", "post", "put", "patch", "delete"}] == []


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if p.parent == ROOT / "shared" / "store" and p.stem not in STORE_MODULES_WITHOUT_STATEMENTS],
    ids=dotted,
)
def test_a_store_function_takes_a_connection_and_begins_with_its_statement(path: Path) -> None:
    for node in functions(path):
        if isinstance(node, ast.AsyncFunctionDef):
            assert node.args.args[0].arg == "conn", node.name
            assert node.name.partition("_")[0] in STORE_VERBS, node.name
