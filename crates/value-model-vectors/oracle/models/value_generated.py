"""Value generated: what the customer gains, how products perform, and what comes back."""

from .. import dates
from ..compare.state import preset
from ..errors import Refused
from ..inputs import at_least, between, by_id, finite
from ..metrics.cash import CONVENTION, roi
from ..metrics.goals import pace, progress
from ..metrics.surveys import CES, CSAT, NPS, ces, csat, nps
from ..numbers import HUNDRED, exact
from ..shapes import choice, day, flag, listed, number, record, taking, text
from ..tolerance import functions
from .sheet import Sheet, absent, answered, weighed

OUTCOMES = ("revenue", "tenure", "advocacy", "cost_to_serve")
SURVEYS = {"nps": (nps, "unit"), "csat": (csat, "share"), "ces": (ces, "unit")}


def flows(business):
    """Benefits and costs after allowance for risk, as exact numbers."""
    [(form, given)] = business["flows"].items()
    path = f"flows.{form}"
    sides = []
    for side in ("benefits", "costs"):
        if not given[side]:
            raise Refused("empty", f"{path}.{side}")
        read = _estimate if form == "triangular" else _amount
        sides.append([read(value, f"{path}.{side}[{index}]") for index, value in enumerate(given[side])])
    if form == "haircut":
        cut = between(given, "benefit_haircut", 0, 1, f"{path}.benefit_haircut")
        over = at_least(given, "cost_overrun", 0, f"{path}.cost_overrun")
        sides = [[value * (1 - cut) for value in sides[0]], [value * (1 + over) for value in sides[1]]]
    return sides


def _amount(value, path):
    return at_least({"x": value}, "x", 0, path)


def _estimate(value, path):
    low = at_least(value, "low", 0, f"{path}.low")
    likely, high = finite(value, "likely", f"{path}.likely"), finite(value, "high", f"{path}.high")
    if likely < low:
        raise Refused("conflict", f"{path}.likely")
    if high < likely:
        raise Refused("conflict", f"{path}.high")
    return (low + likely + high) / 3


def business(given):
    """Present values and return of the flows; None without them."""
    if given is None:
        return None
    try:
        benefits, costs = flows(given)
        return roi({"rate": given["rate"], "benefits": benefits, "costs": costs, **_convention(given)})
    except Refused as refused:
        raise refused.within("business_value") from None


def _convention(given):
    return {"convention": given["convention"]} if given.get("convention") else {}


def experience(given):
    """The surveys' results and the leaves of experience value."""
    results, leaves = {}, {}
    for name, (formula, field) in SURVEYS.items():
        results[name] = None
        leaves[name] = absent(name)
        if given.get(name) is not None:
            try:
                results[name] = formula(given[name])
            except Refused as refused:
                raise refused.within(f"experience_value.{name}") from None
            leaves[name] = answered(name, results[name][field])
    leaves["retention"] = absent("retention")
    if given.get("retention") is not None:
        stayed = finite(given, "retention", "experience_value.retention")
        if not 0 <= stayed <= 1:
            raise Refused("outside_scale", "experience_value.retention")
        leaves["retention"] = answered("retention", stayed)
    return results, leaves


def kpis(given, as_of):
    """Every KPI judged, its leaf and weight."""
    by = given.get("by") or "progress"
    try:
        weighed(given, "kpis", "weight")
        judged = [_kpi(place, kpi, as_of) for place, kpi in by_id(given, "kpis")]
    except Refused as refused:
        raise refused.within("performance_value") from None
    leaves, children = {}, []
    for result, (_, kpi) in zip(judged, by_id(given, "kpis")):
        name = f"kpi/{result['id']}"
        value = None if result["not_smart"] else result[by]
        leaves[name] = absent(name) if value is None else answered(name, value)
        children.append({"id": name, "scale": "unit", "weight": kpi.get("weight", 1)})
    return judged, leaves, children


def _letters(kpi):
    known = {
        "s": bool((kpi.get("unit") or "").strip()),
        "m": kpi.get("current") is not None,
        "a": kpi.get("target") is not None,
        "r": kpi.get("feasible") is True,
        "t": kpi.get("due") is not None,
    }
    return [letter for letter, held in known.items() if not held]


def _kpi(place, kpi, as_of):
    fails = _letters(kpi)
    out = {"id": kpi["id"], "product_or_service": kpi.get("product_or_service"), "not_smart": fails}
    out.update(dict.fromkeys(("progress", "raw", "elapsed", "pace", "status", "gap")))
    out["regressed"] = False
    finite(kpi, "baseline", f"{place}.baseline")
    for field, source in (("actual", "current"), ("planned", "target")):
        out[field] = None if kpi.get(source) is None else finite(kpi, source, f"{place}.{source}")
    if out["planned"] is not None:
        # A goal that cannot be read is refused even while nobody knows where it stands.
        judged = {}
        try:
            _progress(judged, {**kpi, "current": kpi["baseline"], **_known(kpi)}, as_of)
        except Refused as refused:
            raise refused.within(place) from None
        if out["actual"] is not None:
            out.update(judged)
            out["gap"] = out["planned"] - out["actual"]
    out["next_step"] = _next(out)
    return out


def _known(kpi):
    return {} if kpi.get("current") is None else {"current": kpi["current"]}


def _progress(out, kpi, as_of):
    made = progress(kpi)
    out.update({"progress": made["unit"], "raw": made["raw"], "regressed": made["regressed"]})
    if kpi.get("start") is not None and kpi.get("due") is not None:
        paced = pace({**kpi, "as_of": as_of})
        out.update({field: paced[field] for field in ("elapsed", "pace", "status")})


def _next(kpi):
    if kpi["not_smart"]:
        return "make_smart"
    if kpi["progress"] == 1:
        return "standardise"
    if kpi["status"] == "off_track":
        return "replan"
    return "correct" if kpi["regressed"] or kpi["status"] == "at_risk" else "continue"


def value_generated(given):
    """The score of the three steps, with everything below."""
    as_of = dates.days(given["as_of"])
    cash = business(given.get("business_value"))
    pillars = (given.get("business_value") or {}).get("pillars")
    surveys, leaves = experience(given.get("experience_value") or {})
    judged, kpi_leaves, children = kpis(given.get("performance_value") or {}, given["as_of"])
    value, value_leaves = _business(cash, pillars)
    leaves.update({**kpi_leaves, **value_leaves})
    if not children:
        leaves["performance_value"] = absent("performance_value")
    outcomes, answers = _outcomes(given.get("business_outcomes") or {})
    model = _card(value, children, outcomes)
    sheet = Sheet(model, as_of, given["as_of"], {"answers": answers}, leaves)
    parts = {
        name: sheet.part(name)
        for name in ("outside_in", "business_value", "experience_value", "performance_value", "business_outcomes")
    }
    return {
        **sheet.head(),
        **parts,
        "gap": _gap(parts),
        "npv": cash["npv"] if cash else None,
        "cash": cash,
        "pillars": sheet.part("pillars") if pillars else None,
        **surveys,
        "kpis": judged,
        "outcomes": [sheet.measures[name] for name in OUTCOMES],
    }


def _gap(parts):
    scores = [parts[name]["score"] for name in ("outside_in", "performance_value", "business_outcomes")]
    return None if None in scores else (scores[0] + scores[1]) / 2 - scores[2]


def _business(cash, pillars):
    """Business value: the cash flows alone, or the mean of them and the organisation's own pillars."""
    name = "cash" if pillars else "business_value"
    score = cash["score"] if cash else None
    leaf = absent(name) if score is None else answered(name, score / HUNDRED)
    if not pillars:
        return {"id": name, "scale": "score"}, {name: leaf}
    leaves, children = {name: leaf}, []
    given = {"pillars": pillars}
    try:
        weighed(given, "pillars", "weight")
        for place, pillar in by_id(given, "pillars"):
            own = f"pillar/{pillar['id']}"
            known = pillar.get("score") is not None
            unit = between(pillar, "score", 0, 100, f"{place}.score") / HUNDRED if known else None
            leaves[own] = answered(own, unit) if known else absent(own)
            children.append({"id": own, "scale": "score", "weight": pillar.get("weight", 1)})
    except Refused as refused:
        raise refused.within("business_value") from None
    group = {"id": "pillars", "children": children}
    return {"id": "business_value", "children": [{"id": name, "scale": "score"}, group]}, leaves


def _outcomes(given):
    """The ranges of the preset with those of the input, and the values."""
    [group] = [child for child in preset("value-generated")["tree"]["children"] if child["id"] == "business_outcomes"]
    children, answers = [], {}
    for measure in group["children"]:
        name, ends = measure["id"], dict(measure["scale"]["linear"])
        ranged = given.get(name)
        if ranged is not None:
            path = f"business_outcomes.{name}"
            finite(ranged, "value", f"{path}.value")
            for end in ("worst", "best"):
                if ranged.get(end) is not None:
                    ends[end] = finite(ranged, end, f"{path}.{end}")
            if exact(ends["worst"]) == exact(ends["best"]):
                raise Refused("conflict", f"{path}.best")
            answers[name] = [{"value": ranged["value"]}]
        children.append({**measure, "scale": {"linear": ends}})
    return {**group, "children": children}, answers


def _card(business_value, kpi_children, outcomes):
    model = dict(preset("value-generated"))
    outside, performance, _ = model["tree"]["children"]
    outside = {**outside, "children": [business_value, outside["children"][1]]}
    if kpi_children:
        performance = {"id": "performance_value", "children": kpi_children}
    model["tree"] = {**model["tree"], "children": [outside, performance, outcomes]}
    return model


ESTIMATE = record({"low": number, "likely": number, "high": number})
PLAIN = {"benefits": listed(number), "costs": listed(number)}
BUSINESS = record(
    {
        "rate": number,
        "flows": choice(
            plain=record(PLAIN),
            haircut=record({**PLAIN, "benefit_haircut": number, "cost_overrun": number}),
            triangular=record({"benefits": listed(ESTIMATE), "costs": listed(ESTIMATE)}),
        ),
    },
    {**CONVENTION, "pillars": listed(record({"id": text}, {"weight": number, "score": number}))},
)
KPI_FIELDS = {
    "product_or_service": text,
    "unit": text,
    "target": number,
    "tolerance": number,
    "current": number,
    "start": day,
    "due": day,
    "weight": number,
    "feasible": flag,
}
RANGED = record({"value": number}, {"worst": number, "best": number})
SHAPE = record(
    {"as_of": day},
    {
        "business_value": BUSINESS,
        "experience_value": record({}, {"nps": NPS, "csat": CSAT, "ces": CES, "retention": number}),
        "performance_value": record(
            {}, {"kpis": listed(record({"id": text, "baseline": number}, KPI_FIELDS)), "by": choice("progress", "pace")}
        ),
        "business_outcomes": record({}, dict.fromkeys(OUTCOMES, RANGED)),
    },
)
FORMULAS = {"value_generated": (taking(SHAPE, value_generated), lambda _: functions(scale=100.0))}
