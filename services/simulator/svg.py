"""Just enough SVG for a chart: elements as strings, numbers short, text escaped."""

import colorsys
from collections.abc import Iterable, Sequence
from html import escape

Xy = tuple[float, float]

INK, QUIET, FAINT, PAPER, RED = "#1f2933", "#6b7684", "#dfe3e8", "#ffffff", "#d0021b"
_GOLDEN_ANGLE = 0.381966  # of a turn: neighbours differ most, however many there are


def document(width: float, height: float, parts: Iterable[str]) -> str:
    """A whole picture on paper."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}">\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n{body}\n</svg>\n'
    )


def line(a: Xy, b: Xy, colour: str = FAINT, width: float = 1) -> str:
    return f'<line x1="{_n(a[0])}" y1="{_n(a[1])}" x2="{_n(b[0])}" y2="{_n(b[1])}" stroke="{colour}" stroke-width="{_n(width)}"/>'


def polyline(points: Sequence[Xy], colour: str, width: float = 1, *, fill: str = "none", opacity: float = 1) -> str:
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="{fill}" stroke="{colour}" stroke-width="{_n(width)}" '
        f'stroke-linejoin="round" opacity="{_n(opacity)}"/>'
    )


def rect(at: Xy, width: float, height: float, colour: str, *, title: str = "") -> str:
    return f'<rect x="{_n(at[0])}" y="{_n(at[1])}" width="{_n(width)}" height="{_n(height)}" fill="{colour}">{_title(title)}</rect>'


def circle(at: Xy, radius: float, *, fill: str = "none", stroke: str = "none", title: str = "") -> str:
    return (
        f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="1.5">{_title(title)}</circle>'
    )


def cross(at: Xy, radius: float, colour: str, *, title: str = "") -> str:
    (x, y), r = at, radius
    strokes = f"M{_n(x - r)},{_n(y - r)}L{_n(x + r)},{_n(y + r)}M{_n(x - r)},{_n(y + r)}L{_n(x + r)},{_n(y - r)}"
    return f'<path d="{strokes}" stroke="{colour}" stroke-width="1.5" fill="none">{_title(title)}</path>'


def text(at: Xy, words: str, *, size: float = 12, colour: str = INK, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{_n(at[0])}" y="{_n(at[1])}" font-size="{_n(size)}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def colour_of(number: int) -> str:
    """A colour of its own for each number, dark enough for paper; none is the red of what is late."""
    hue = 0.06 + 0.86 * ((number * _GOLDEN_ANGLE) % 1)
    red, green, blue = colorsys.hls_to_rgb(hue, 0.36 + 0.12 * (number % 3) / 2, 0.6)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
