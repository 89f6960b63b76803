"""Results as figures of matplotlib: ``pip install 'value-model[plots]'``. Nothing is computed here.

Colours are those of Okabe and Ito, which people who see red and green alike can tell apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from value_model.results import Assessment, PortfolioReport, Robustness

__all__ = ["bands", "robustness", "waterfall"]

_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#999999"
# From the lowest band up: orange, yellow, blue, and on to lighter and darker ones for longer lists.
_BANDS = ("#D55E00", "#F0E442", "#0072B2", "#009E73", "#56B4E9", "#CC79A7", "#E69F00", "#000000")


def waterfall(assessment: Assessment, ax: Axes | None = None) -> Axes:
    """Where the points of a score come from: one bar per contribution, from nothing to the score."""
    titles = {group.id: group.title or group.id for group in assessment.groups}
    titles |= {measure.id: measure.title or measure.id for measure in assessment.measures}
    parts = [(titles.get(part.id, part.id), part.points) for part in assessment.contributions]
    ax = ax or _axes(8.5, 1.6 + 0.34 * (len(parts) + 1))
    start = 0.0
    for place, (_, points) in enumerate(parts):
        ax.barh(place, points, left=start, color=_BLUE if points >= 0 else _ORANGE)
        ax.annotate(f"{points:+.1f}", (max(start, start + points), place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
        start += points
    score = assessment.score
    last = len(parts)
    if score is not None:
        ax.barh(last, score, color=_GREY)
        ax.annotate(f"{score:.1f}", (score, last), xytext=(4, 0), textcoords="offset points", va="center", weight="bold")
    ax.set_yticks(range(last + 1), [*(title for title, _ in parts), "Score"])
    ax.invert_yaxis()
    ax.set_xlim(0, 108)
    ax.set_xlabel("points of 100")
    known = f"between {assessment.lower:.1f} and {assessment.upper:.1f}, {assessment.coverage:.0%} answered"
    headline = f"{score:.1f}, {assessment.band}" if score is not None else "no score yet"
    ax.set_title(f"{assessment.account}: {headline}\n{assessment.model} {assessment.version}, as of {assessment.as_of}; {known}", loc="left", fontsize=10)
    return _plain(ax)


def bands(report: PortfolioReport, ax: Axes | None = None) -> Axes:
    """How many accounts of each group stand in which band, from the lowest up."""
    rows = report.rows or [report.total]
    counts = [{entry.band: entry.accounts for entry in row.bands} for row in rows]
    known = [entry.band for entry in report.total.bands]
    ax = ax or _axes(8.5, 1.6 + 0.4 * len(rows))
    labels = [", ".join(value if value is not None else "(none)" for value in row.key) or "all" for row in rows]
    left = [0] * len(rows)
    for place, name in enumerate(known):
        widths = [row.get(name, 0) for row in counts]
        bars = ax.barh(labels, widths, left=left, label=name.replace("_", " "), color=_BANDS[place % len(_BANDS)], edgecolor="white")
        ax.bar_label(bars, [str(width) if width else "" for width in widths], label_type="center", fontsize=8, color="black" if place in {1, 4} else "white")
        left = [a + b for a, b in zip(left, widths, strict=True)]
    ax.invert_yaxis()
    ax.set_xlabel("accounts")
    ax.set_title("Accounts by band", loc="left", fontsize=10)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=len(known) or 1, frameon=False)
    return _plain(ax)


def robustness(result: Robustness, ax: Axes | None = None) -> Axes:
    """Between which scores an account would stand had the weights been somewhat different."""
    ax = ax or _axes(8.5, 1.9)
    if result.score is None or result.low is None or result.high is None:
        ax.annotate("no score yet", (0.5, 0.5), xycoords="axes fraction", ha="center")
        return _plain(ax)
    ax.plot([result.low, result.high], [0, 0], color=_BLUE, linewidth=9, solid_capstyle="butt", alpha=0.55)
    ax.plot(result.score, 0, "o", color="black")
    for number, text, side in [(result.low, result.low_band, "right"), (result.high, result.high_band, "left")]:
        shown = f"{number:.1f} {text or ''}".strip().replace("_", " ")
        ax.annotate(f" {shown} ", (number, 0), va="center", ha=side, fontsize=9)
    ax.annotate(f"{result.score:.1f}", (result.score, 0), xytext=(0, 12), textcoords="offset points", ha="center", weight="bold")
    ax.set_xlim(0, 100)
    ax.set_ylim(-1, 1)
    ax.set_yticks([])
    ax.set_xlabel("points of 100")
    change = "the band can change" if result.band_can_change else "the band stays"
    ax.set_title(f"The score under other weights: {change}", loc="left", fontsize=10)
    return _plain(ax)


def _axes(width: float, height: float) -> Axes:
    _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def _plain(ax: Axes) -> Axes:
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(left=False)
    return ax
