"""Value realization: indicators of value against the costs of working together."""

from .. import answers, dates
from ..compare.state import preset
from ..errors import Refused
from ..inputs import above, at_least, between, by_id
from ..metrics.goals import pace, progress
from ..numbers import HUNDRED, ONE, ZERO, clamp, exact
from ..shapes import choice, day, flag, listed, number, record, taking, text
from ..tolerance import functions
from ..wire import SCALE, SOURCE
from ..wire import answers as one_or_many
from .sheet import Sheet, answered, moved

INDICATORS = (
    "executive_confirmation",
    "full_usage",
    "goals_documented",
    "metrics_documented",
    "metrics_progressing",
    "reviewed_internally",
)
DERIVED = INDICATORS[2:5]
COSTS = ("experience", "financial", "change_management", "emotional", "learning", "opportunity")
LIKING = "experience_liking"


def goals(given):
    """Every goal judged, and the three indicators that follow."""
    results = [_goal(place, goal, given["as_of"]) for place, goal in by_id(given, "goals")]
    listed_goals = given["goals"]
    measured = [goal for goal in listed_goals if goal.get("kpi") is not None]
    progressing = sum(result["progressing"] for result in results)
    written = bool(listed_goals) and all(goal["documented"] and goal["visible"] for goal in listed_goals)
    shares = (
        ONE if written else ZERO,
        exact(len(measured)) / len(listed_goals) if listed_goals else ZERO,
        exact(progressing) / len(measured) if measured else ZERO,
    )
    return results, dict(zip(DERIVED, shares))


def _goal(place, goal, as_of):
    kpi = goal.get("kpi")
    out = {"id": goal["id"], "kind": goal["kind"], "regressed": False, "progressing": False}
    out.update(dict.fromkeys(("progress", "raw", "pace", "status")))
    if kpi is None:
        return out
    try:
        made = progress(kpi)
        if kpi.get("start") is not None and kpi.get("due") is not None:
            paced = pace({**kpi, "as_of": as_of})
            out.update({"pace": paced["pace"], "status": paced["status"]})
    except Refused as refused:
        raise refused.within(f"{place}.kpi") from None
    out.update({"progress": made["unit"], "raw": made["raw"], "regressed": made["regressed"]})
    out["progressing"] = made["unit"] > 0
    return out


def value_realization(given):
    """The final score with both of its sides."""
    between({"value_weight": 0.5, **given}, "value_weight", 0, 1)
    judged, derived = goals(given) if given.get("goals") is not None else ([], {})
    if given.get("price") is not None:
        derived["financial"] = ONE - _burden(given["price"])
    _once(given, derived)
    leaves = {name: answered(name, unit) for name, unit in derived.items()}
    places, record_given = _record(given)
    try:
        sheet = Sheet(_card(given), dates.days(given["as_of"]), given["as_of"], record_given, leaves)
    except Refused as refused:
        raise moved(refused, places) from None
    pvs, pcs = sheet.part("value"), _turned(sheet.part("costs"))
    head = sheet.head()
    other = _alternative(given)
    score = head["score"]
    return {
        **head,
        "pvs": pvs,
        "pcs": pcs,
        **_variants(pvs["score"], pcs["score"], score),
        "alternative_score": other,
        "relative": None if None in (score, other) else score - other,
        "goals": judged,
        "measures": sheet.result["measures"],
    }


def _burden(price):
    cost = at_least(price, "annual_price", 0, "price.annual_price")
    benefit = above(price, "documented_annual_benefit", 0, "price.documented_annual_benefit")
    return clamp(cost / benefit)


def _once(given, derived):
    """A fact is answered or derived, not both; the experience is asked one way round."""
    costs = given.get("costs") or {}
    for name in DERIVED:
        if name in derived and _said((given.get("indicators") or {}).get(name)):
            raise Refused("conflict", f"indicators.{name}")
    if "financial" in derived and _said(costs.get("financial")):
        raise Refused("conflict", "costs.financial")
    if _said(costs.get("experience")) and _said(costs.get(LIKING)):
        raise Refused("conflict", "costs.experience")


def _said(answer):
    return answer is not None and answer != []


def _record(given):
    out = {field: given[field] for field in ("default_source", "default_on") if given.get(field) is not None}
    found, places = {}, {}
    for side, names in (("indicators", INDICATORS), ("costs", (*COSTS, LIKING))):
        for name in names:
            said = (given.get(side) or {}).get(name)
            if _said(said):
                measure = "experience" if name == LIKING else name
                found[measure] = answers.as_list(said)
                places[f"answers.{measure}"] = f"{side}.{name}"
    return places, {**out, "answers": found}


def _card(given):
    """The preset with this input's weight and burden scale."""
    model = dict(preset("value-realization"))
    weight = exact(given.get("value_weight", 0.5))
    value, costs = model["tree"]["children"]
    liked = _said((given.get("costs") or {}).get(LIKING))
    scale = given.get("burden_scale") or "unit"
    measures = [
        {**measure, "scale": scale, "reverse": not (measure["id"] == "experience" and liked)}
        for measure in costs["children"]
    ]
    children = [{**value, "weight": weight}, {**costs, "weight": 1 - weight, "children": measures}]
    model["tree"] = {**model["tree"], "children": children}
    return model


def _turned(part):
    """A part read as costs: higher is worse."""
    return {
        **part,
        "score": None if part["score"] is None else HUNDRED - part["score"],
        "lower": HUNDRED - part["upper"],
        "upper": HUNDRED - part["lower"],
    }


def _variants(pvs, pcs, score):
    out = dict.fromkeys(("difference", "ratio", "share"))
    if score is None or None in (pvs, pcs):
        return {**out, "ratio_reason": "side_missing", "share_reason": "side_missing"}
    return {
        "difference": pvs - pcs,
        "ratio": pvs / pcs if pcs else None,
        "ratio_reason": None if pcs else "division_by_zero",
        "share": HUNDRED * pvs / (pvs + pcs) if pvs + pcs else None,
        "share_reason": None if pvs + pcs else "division_by_zero",
    }


def _alternative(given):
    other = given.get("alternative")
    if other is None:
        return None
    pvs = between(other, "pvs", 0, 100, "alternative.pvs")
    pcs = between(other, "pcs", 0, 100, "alternative.pcs")
    weight = exact(given.get("value_weight", 0.5))
    return weight * pvs + (1 - weight) * (HUNDRED - pcs)


KPI = record(
    {"baseline": number, "target": number, "current": number}, {"tolerance": number, "start": day, "due": day}
)
GOAL = record(
    {"id": text, "kind": choice("cost", "efficiency", "revenue"), "documented": flag, "visible": flag}, {"kpi": KPI}
)
SHAPE = record(
    {"as_of": day},
    {
        "indicators": record({}, dict.fromkeys(INDICATORS, one_or_many)),
        "costs": record({}, dict.fromkeys((*COSTS, LIKING), one_or_many)),
        "goals": listed(GOAL),
        "price": record({"annual_price": number, "documented_annual_benefit": number}),
        "burden_scale": SCALE,
        "value_weight": number,
        "alternative": record({"pvs": number, "pcs": number}),
        "default_source": SOURCE,
        "default_on": day,
    },
)
FORMULAS = {"value_realization": (taking(SHAPE, value_realization), lambda _: functions(scale=100.0))}
