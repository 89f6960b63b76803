"""How results look: text for a terminal, HTML for a notebook. Nothing is computed here."""

from __future__ import annotations

import html as _html
import shutil
from typing import Any

from value_model._result import Result

_LINES = 40
_BAR = 24


def text(result: Result) -> str:
    """One line where it fits the terminal, else one line per attribute, cut at its edge."""
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    name, data = type(result).__name__, result.__value_model__
    flat = f"{name}({', '.join(f'{key}={_word(value)}' for key, value in data.items())})"
    if len(flat) <= width:
        return flat
    lines = [f"{name}("]
    for key, value in data.items():
        lines += _lines(key, value, "  ")
    lines.append(")")
    if len(lines) > _LINES:
        hidden = len(lines) - _LINES + 1
        lines = [*lines[: _LINES - 2], f"  ... {hidden} more lines: .to_dict() has all", ")"]
    return "\n".join(line if len(line) <= width else line[: width - 3] + "..." for line in lines)


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_word(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_word, value)) + "]"
    return repr(value)


def _lines(key: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [f"{indent}{key}=[{len(value)}]:", *(f"{indent}  {_row(entry)}" for entry in value)]
    return [f"{indent}{key}={_word(value)},"]


def _row(entry: Any) -> str:
    """An entry of a list: what it is called, then what is not empty."""
    if not isinstance(entry, dict):
        return _word(entry)
    shown = [f"{key}={_word(value)}" for key, value in entry.items() if value not in (None, [], {}, "")]
    return ", ".join(shown)


def html(result: Result) -> str:
    """A table; an assessment with a bar per contribution."""
    data = result.__value_model__
    title = _html.escape(type(result).__name__)
    if "contributions" in data and "measures" in data:
        return _assessment(data)
    rows = "".join(
        f"<tr><th style='text-align:left'>{_html.escape(str(key))}</th>"
        f"<td style='text-align:left'>{_cell(value)}</td></tr>"
        for key, value in data.items()
    )
    return f"<table><caption>{title}</caption>{rows}</table>"


def _cell(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        heads = list(value[0])
        head = "".join(f"<th>{_html.escape(str(name))}</th>" for name in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in heads) + "</tr>" for row in value[:100]
        )
        more = f"<tr><td colspan='{len(heads)}'>{len(value) - 100} more</td></tr>" if len(value) > 100 else ""
        return f"<table><tr>{head}</tr>{body}{more}</table>"
    return "" if value is None else _html.escape(_word(value) if not isinstance(value, str) else value)


def _assessment(data: dict[str, Any]) -> str:
    score = data["score"]
    headline = f"{score:.1f}" if score is not None else f"{data['lower']:.1f} to {data['upper']:.1f}"
    band = data["band"] if data["band"] is not None else str(data["outcome"]).replace("_", " ")
    titles = {entry["id"]: entry["title"] or entry["id"] for entry in [*data["groups"], *data["measures"]]}
    most = max((abs(part["points"]) for part in data["contributions"]), default=0.0)
    rows = "".join(_bar(titles.get(part["id"], part["id"]), part["points"], most) for part in data["contributions"])
    missing = [entry["title"] or entry["id"] for entry in data["measures"] if entry["missing"] is not None]
    gaps = f"<p>Not answered: {_html.escape(', '.join(missing))}</p>" if missing else ""
    return (
        "<div style='font-family:sans-serif;max-width:44em'>"
        f"<p><b>{_html.escape(data['account'])}: {headline} of 100, {_html.escape(band)}</b><br>"
        f"{_html.escape(data['model'])} {_html.escape(data['version'])}, as of {_html.escape(data['as_of'])}; "
        f"between {data['lower']:.1f} and {data['upper']:.1f}, {data['coverage']:.0%} answered</p>"
        f"<table style='border-collapse:collapse'>{rows}</table>{gaps}</div>"
    )


def _bar(title: str, points: float, most: float) -> str:
    share = abs(points) / most if most else 0.0
    # Blue and orange: told apart by people who see red and green alike.
    colour = "#2b6cb0" if points >= 0 else "#dd6b20"
    return (
        f"<tr><td style='text-align:left;padding-right:1em'>{_html.escape(title)}</td>"
        f"<td style='text-align:right;padding-right:.6em'>{points:+.1f}</td>"
        f"<td style='width:16em;text-align:left'><div role='img' aria-label='{points:.1f} points' "
        f"style='height:.8em;width:{share:.1%};background:{colour}'></div></td></tr>"
    )
