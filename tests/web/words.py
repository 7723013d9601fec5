"""The pages' own table of texts, so that one test speaks to a page in both languages."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

Language = Literal["en", "zh"]

WEB = Path(__file__).parents[2] / "services" / "dispatcher" / "web"
_NODE = Path(sys.executable).with_name("node")
_TELL = """
const tables = await Promise.all(process.argv.slice(1).map((path) => import(path)));
console.log(JSON.stringify(tables));
"""


class Words:
    """What a page says for an English text of the tables: `say("Log in")` is a pattern that matches it in the page's language."""

    def __init__(self, language: Language, texts: dict[str, set[str]]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, english: str, *, whole: bool = True) -> re.Pattern[str]:
        """Any of its translations where the tables have several. Raises KeyError for a text they have not."""
        said = {english} if self.language == "en" else self._texts[english]
        if english not in self._texts:
            raise KeyError(f"no text of the pages says {english!r}")
        either = "|".join(_pattern(text) for text in sorted(said))
        return re.compile(rf"^\s*({either})\s*$" if whole else either, re.DOTALL)


def read_texts() -> dict[str, set[str]]:
    """English → Chinese of every text, as the pages import them."""
    texts: dict[str, set[str]] = defaultdict(set)
    for english, chinese in _pairs(read_tables()):
        texts[english].add(chinese)
    return texts


def read_tables() -> list[dict[str, Any]]:
    """What each module of `texts/` exports, by name."""
    paths = sorted(str(path) for path in (WEB / "texts").glob("*.ts") if not path.name.endswith(".test.ts"))
    told = subprocess.run(
        [str(_NODE), "--input-type=module", "--eval", _TELL, *paths], capture_output=True, text=True, check=True
    )
    return list(json.loads(told.stdout))


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and isinstance(value.get("en"), str) and isinstance(value.get("zh"), str):
        yield value["en"], value["zh"]
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _pairs(inner)


def _pattern(text: str) -> str:
    """`{name}` in a text stands for whatever the page puts there."""
    return ".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", text))
