"""A history: the life of scores over time, and the events in it."""

from fractions import Fraction

from .. import dates, scorecard
from ..errors import Refused
from ..numbers import ZERO, exact, half_away, total
from ..ties import BILLION
from ..tolerance import TEXT
from .delta import delta
from .state import State

EFFECTS = ("model", "behaviour", "coverage", "override")


def series(given):
    """States by account and model, one a day: under the version that judged first on the latest day."""
    states = []
    for index, one in enumerate(given["history"]):
        try:
            states.append(State(one["model"], one["record"], one["as_of"]))
        except Refused as refused:
            raise refused.within(f"history[{index}]") from None
    first = {}
    for state in states:
        version = state.card["id"], state.card["version"]
        first[version] = min(first.get(version, state.as_of), state.as_of)

    def age(state):
        return first[state.card["id"], state.card["version"]], state.card["version"].encode()

    found = {}
    for state in states:
        days = found.setdefault((state.scored.record["account"].encode(), state.card["id"].encode()), {})
        other = days.get(state.as_of)
        if other and age(other) == age(state):
            raise Refused("duplicate", "history")
        if not other or age(other) < age(state):
            days[state.as_of] = state
    return [[days[day] for day in sorted(days)] for _, days in sorted(found.items())]


def points(days):
    """One entry per day: the state and the delta to the last day with a score."""
    scored = None
    for number, state in enumerate(days):
        has = state.assessment["score"] is not None
        step = delta(scored, state) if has and scored else None
        changed = number > 0 and _document(days[number - 1]) != _document(state)
        yield state, step, changed
        scored = state if has else scored


def _document(state):
    """The model as it was written: evaluating it leaves marks in the compiled one."""
    return scorecard.compiled(state.model)


def trend(given):
    """The trend of every account under every model."""
    return {"trends": [_trend(days) for days in series(given)]}


def _trend(days):
    entries = list(points(days))
    scores = [state.assessment["score"] for state in days if state.assessment["score"] is not None]
    steps = [step for _, step, _ in entries if step]
    out = {
        "account": days[0].scored.record["account"],
        "model": days[0].card["id"],
        "first": scores[0] if scores else None,
        "last": scores[-1] if scores else None,
        "change": scores[-1] - scores[0] if scores else None,
        "band": days[-1].assessment["band"],
        "points": [_point(*entry) for entry in entries],
    }
    for effect in EFFECTS:
        parts = [step[effect] for step in steps]
        name = "model_effect" if effect == "model" else effect
        out[name] = None if not scores or None in parts else total(parts)
    since = days[-1]
    for state in reversed(days):
        if state.assessment["band"] != out["band"]:
            break
        since = state
    out["band_since"] = since.as_of
    return out


def _point(state, step, changed):
    found = state.assessment
    names = ("outcome", "score", "band", "lower", "lower_band", "upper")
    return {
        "as_of": state.as_of,
        "version": state.card["version"],
        "model_changed": changed,
        **{name: found[name] for name in names},
        "answered": found["coverage"],
        "step": step,
    }


def signals(given):
    """Every event, by day, account, model and kind."""
    drop = given.get("coverage_drop")
    drop = Fraction(1, 10) if drop is None else exact(drop)
    days = given.get("expiring_days")
    found = []
    all_series = series(given)
    if not 0 < drop <= 1:
        raise Refused("out_of_range", "coverage_drop")
    for one in all_series:
        found += _walk(one, 14 if days is None else days, drop)
    low, high = given.get("since") or "0001-01-01", given.get("until") or "9999-12-31"
    inside = [signal for signal in found if low <= signal["as_of"] <= high]
    kinds = ["band_crossed", "lower_bound_crossed", "coverage_lost", "override_expiring"]
    inside.sort(key=lambda s: (s["as_of"], s["account"].encode(), s["model"].encode(), kinds.index(s["kind"])))
    return {"signals": inside}


def _walk(days, expiring, drop):
    scored = before = told = None
    for state, step, changed in points(days):
        now = state.assessment
        about = state, step, changed
        if scored and now["score"] is not None and scored.assessment["band"] != now["band"]:
            yield _event("band_crossed", about, scored, *_bands(scored, state, "band"))
        if before:
            was = before.assessment
            if was["lower_band"] != now["lower_band"]:
                yield _event("lower_bound_crossed", about, before, *_bands(before, state, "lower_band"))
            gone = was["score"] is not None and now["score"] is None
            if gone or half_away((was["coverage"] - now["coverage"]) * BILLION) >= half_away(drop * BILLION):
                yield _event("coverage_lost", about, before, "score" if gone else "drop", {})
        judged = _ending(state, expiring)
        if judged and judged != told:
            extra = {"expires_on": judged["expires_on"]}
            yield _event("override_expiring", about, before, judged["made_on"], extra, judged["expires_on"])
        told, before = judged, state
        scored = state if now["score"] is not None else scored


def _bands(was, now, which):
    old, new = was.assessment[which], now.assessment[which]
    names = now.card["bands"]["names"]
    direction = "renamed"
    if old in names and new in names:
        direction = "up" if names.index(old) < names.index(new) else "down"
    return f"{old}>{new}", {"from": old, "to": new, "direction": direction}


def _ending(state, expiring):
    held = state.assessment["override"]
    if not held or not held["active"]:
        return None
    left = dates.days(held["expires_on"], "expires_on") - dates.days(state.as_of, "as_of")
    return held if left <= expiring else None


def _event(kind, about, was, what, extra, day=None):
    state, step, changed = about
    now, step = state.assessment, step or {}
    model, escaped = state.card["id"], lambda text: text.replace("%", "%25").replace(":", "%3A")
    out = {
        "id": ":".join([kind, day or state.as_of, escaped(model), escaped(what), now["account"]]),
        "kind": kind,
        "account": now["account"],
        "model": model,
        "version": state.card["version"],
        "as_of": state.as_of,
        "before": was.as_of if was else None,
        "score_before": step.get("before") if step else (was.assessment["score"] if was else None),
        "score": now["score"],
        "lower": now["lower"],
        "answered_before": was.assessment["coverage"] if was else None,
        "answered": now["coverage"],
        "change": step.get("change"),
        "model_effect": step.get("model"),
        "behaviour": step.get("behaviour"),
        "coverage": step.get("coverage"),
        "override": step.get("override"),
        "cause": _cause(step),
        "model_changed": changed,
        "from": None,
        "to": None,
        "direction": None,
        "expires_on": None,
        "reason": TEXT,
    }
    return {**out, **extra}


def _cause(step):
    """The one effect that went the way of the change, or `several`."""
    if not step or step["reason"] or not half_away(step["change"] * BILLION):
        return None
    same = [name for name in EFFECTS if half_away(step[name] * BILLION) and step[name] * step["change"] > ZERO]
    return same[0] if len(same) == 1 else "several"
