"""Perceived value: what is realised, what is perceived, what more there is, and what nobody had planned for."""

from .. import answers, dates
from ..answers import Counted, evidence_factor, fresh_days, recency_factor
from ..errors import Refused
from ..inputs import between, by_id, finite
from ..metrics.goals import progress
from ..numbers import HUNDRED, ONE, ZERO, exact, shorten, sqrt, total
from ..shapes import choice, day, flag, integer, listed, mapping, number, record, taking, text
from ..tolerance import functions
from ..wire import AREA, EVIDENCE, RECENCY, SOURCE
from ..wire import answers as answers_shape
from .sheet import Sheet, absent, answered, moved, weighed

WINDOW = {"window": {"days": 90}}


class Model:
    """The rules of one input."""

    def __init__(self, given):
        self.given = given
        self.text = given["as_of"]
        self.as_of = dates.days(given["as_of"], "as_of")
        self.evidence = given.get("evidence") or "customer_backed"
        self.recency = given.get("recency") or WINDOW
        self.rating = given.get("rating") or {"min": 1, "max": 5}
        self.personas = given.get("persona_weights") or {}

    def factor(self, entry):
        """How much the evidence behind an entry counts."""
        return evidence_factor(self.evidence, entry.get("source") or self.given.get("default_source"))

    def age(self, entry, place):
        """Days since an entry, or none; a day ahead is refused."""
        on = entry.get("on") or self.given.get("default_on")
        if on is None:
            return None
        if dates.days(on) > self.as_of:
            raise Refused("after_as_of", f"{place}.on")
        return self.as_of - dates.days(on)


def outcomes(model):
    """Every outcome judged, and its leaf."""
    results, leaves, weights = [], {}, []
    for place, given in by_id(model.given, "outcomes"):
        result, leaf = _outcome(model, place, given)
        results.append(result)
        leaves[leaf.id] = leaf
        weights.append((leaf.id, given.get("weight", 1)))
    return results, leaves, weights


def _outcome(model, place, given):
    known = given.get("current") is not None
    model.age(given, place)
    try:
        made = progress({**given, "current": given["current"] if known else given["baseline"]})
    except Refused as refused:
        raise refused.within(place) from None
    factor = model.factor(given)
    checks = (
        ("no_data", known),
        ("unvalidated", factor > 0),
        ("not_tangible", given["tangible"]),
        ("not_explainable", given["explainable"]),
    )
    reason = next((name for name, held in checks if not held), None)
    name = f"outcome/{given['id']}"
    leaf = absent(name, reason if reason == "no_data" else "unvalidated") if reason else answered(
        name, made["unit"], factor
    )
    return {
        "id": given["id"],
        "progress": made["unit"] if known else None,
        "raw": made["raw"] if known else None,
        "regressed": known and made["regressed"],
        "counted": reason is None,
        "reason": reason,
    }, leaf


def values(model):
    """The measures and answers of the intended values."""
    children, given, places = [], {}, {}
    for place, value in by_id(model.given, "intended_values"):
        name = f"value/{value['id']}"
        children.append({"id": name, "scale": {"likert": model.rating}, "weight": value.get("importance", 1)})
        given[name] = answers.as_list(value.get("responses", []))
        places[f"answers.{name}"] = f"{place}.responses"
    return children, given, places


def _unit(model, value, field):
    low, high = model.rating["min"], model.rating["max"]
    x = finite({"x": value}, "x", path=field)
    if x.denominator != 1 or not low <= x <= high:
        raise Refused("outside_scale", field)
    return (x - low) / (high - low)


RULES = {
    "geometric": lambda potential, openness: sqrt(potential * openness),
    "min": min,
    "mean": lambda potential, openness: (potential + openness) / 2,
}


def expansion(model):
    """The leaf of value expansion: each answer combined, then the mean of the persona means."""
    rule = RULES[model.given.get("expansion_rule") or "geometric"]
    read = []
    for index, given in enumerate(model.given.get("expansion", [])):
        place = f"expansion[{index}]"
        asked = [given.get(field) for field in ("potential", "openness")]
        units = [
            None if value is None else _unit(model, value, f"{place}.{field}")
            for field, value in zip(("potential", "openness"), asked)
        ]
        age = model.age(given, place)
        read.append(_expansion(model, rule, given, units, age))
    counted = [entry for entry in read if isinstance(entry, Counted)]
    if not counted:
        return absent("ve", answers._reason(read))
    return answers._combine({"persona_weights": model.personas}, "ve", counted)


def _expansion(model, rule, given, units, age):
    if None in units:
        return "no_data"
    factor = model.factor(given)
    if factor == 0:
        return "unvalidated"
    recent = recency_factor(model.recency, age)
    if recent == 0:
        return "stale"
    return Counted(
        unit=rule(*units),
        weight=factor * recent,
        persona=given.get("persona") or "",
        backed=True,
        fresh=age is not None and age <= fresh_days(model.recency),
        undated=age is None,
        regressed=False,
    )


def areas(model):
    """Every area, the leaf of unknown value, and the share of unplanned value."""
    results, sums, left = [], {}, ONE
    for field, planned in (("planned_areas", True), ("new_areas", False)):
        sums[field] = ZERO
        for place, area in by_id(model.given, field):
            model.age(area, place)
            value = between(area, "value", 0, 1, f"{place}.value")
            factor = model.factor(area)
            sums[field] += factor * value
            left *= 1 if planned else 1 - factor * value
            results.append(
                {
                    "id": area["id"],
                    "planned": planned,
                    "value": value,
                    "area": area.get("area"),
                    "counted": factor > 0,
                }
            )
    asked = [model.given.get(field) is not None for field in ("planned_areas", "new_areas")]
    leaf = answered("vu", 1 - left) if asked[1] else absent("vu")
    both = sums["planned_areas"] + sums["new_areas"]
    reason = "not_asked" if not all(asked) else None if both else "no_value"
    share = None if reason else HUNDRED * sums["new_areas"] / both
    return results, leaf, share, reason


def perceived_value(given):
    """Value Realized with the four scores it is made of."""
    model = Model(given)
    weighed(given, "outcomes", "weight")
    weighed(given, "intended_values", "importance")
    judged, leaves, weights = outcomes(model)
    children, responses, places = values(model)
    leaves["ve"] = expansion(model)
    found, leaves["vu"], share, reason = areas(model)
    try:
        sheet = Sheet(_card(model, weights, children), model.as_of, model.text, _record(model, responses), leaves)
    except Refused as refused:
        raise moved(refused, places) from None
    rbo, vp, ve, vu = (sheet.part(name) for name in ("rbo", "vp", "ve", "vu"))
    both = rbo["score"] is not None and vp["score"] is not None
    personas = _personas(model, sheet, children)
    return {
        **sheet.head(),
        "rbo": rbo,
        "vp": vp,
        "ve": ve,
        "vu": vu,
        "gap": vp["score"] - rbo["score"] if both else None,
        "outcomes": judged,
        "values": [_value(sheet, child) for child in children],
        "personas": personas,
        "disagreement": _spread(personas),
        "expansion_personas": sheet.scored.leaves["ve"].personas,
        "expansion_disagreement": sheet.scored.leaves["ve"].disagreement,
        "areas": found,
        "unplanned_share": share,
        "unplanned_reason": reason,
    }


def _spread(means):
    return max(means.values()) - min(means.values()) if len(means) > 1 else None


def _record(model, responses):
    defaults = {
        field: model.given[field] for field in ("default_source", "default_on") if model.given.get(field) is not None
    }
    return {"answers": responses, **defaults}


def _card(model, weights, values):
    outcomes = [{"id": name, "scale": "unit", "weight": weight} for name, weight in weights]
    headroom = (model.given.get("combine") or "headroom") == "headroom"
    rbo = {"id": "rbo", "missing": "zero", "min_coverage": 0, "children": outcomes}
    vp = {"id": "vp", "children": values}
    tree = {
        "id": "value_realized",
        "require": ["rbo", "vp"],
        "children": [
            rbo if outcomes else {"id": "rbo", "scale": "unit"},
            vp if values else {"id": "vp", "scale": "unit"},
            {"id": "ve", "scale": "unit", "weight": 0.25 if headroom else 1},
            {"id": "vu", "scale": "unit", "weight": 0.25 if headroom else 1},
        ],
    }
    if headroom:
        tree["aggregator"] = {"headroom": {"uplift": ["ve", "vu"]}}
    return {
        "schema": "value-model/1",
        "id": "perceived-value",
        "version": "1",
        "title": "",
        "evidence": model.evidence,
        "recency": model.recency,
        "persona_weights": model.personas,
        "tree": tree,
    }


def _value(sheet, child):
    leaf = sheet.scored.leaves[child["id"]]
    return {
        "id": child["id"].partition("/")[2],
        "unit": leaf.unit,
        "reason": leaf.missing,
        "personas": leaf.personas,
        "disagreement": leaf.disagreement,
        "undated": leaf.undated,
    }


def _personas(model, sheet, children):
    """Each persona's mean over the values it answered, weighted by importance."""
    sums = {}
    for child in children:
        weight = exact(child["weight"])
        for persona, mean in sheet.scored.leaves[child["id"]].personas.items():
            if weight:
                sums.setdefault(persona, []).append((weight, mean))
    return {
        persona: shorten(total(w * u for w, u in parts) / total(w for w, _ in parts)) for persona, parts in sums.items()
    }


EVIDENCED = {"source": SOURCE, "on": day}
OUTCOME = record(
    {"id": text, "baseline": number, "target": number, "tangible": flag, "explainable": flag},
    {"weight": number, "current": number, "tolerance": number, **EVIDENCED},
)
VALUE = record({"id": text}, {"importance": number, "responses": answers_shape})
EXPANSION = record({}, {"persona": text, "potential": number, "openness": number, **EVIDENCED})
VALUE_AREA = record({"id": text, "value": number}, {"area": AREA, **EVIDENCED})
SHAPE = record(
    {"as_of": day},
    {
        "outcomes": listed(OUTCOME),
        "intended_values": listed(VALUE),
        "expansion": listed(EXPANSION),
        "planned_areas": listed(VALUE_AREA),
        "new_areas": listed(VALUE_AREA),
        "rating": record({"min": integer, "max": integer}),
        "expansion_rule": choice(*RULES),
        "combine": choice("headroom", "mean"),
        "evidence": EVIDENCE,
        "recency": RECENCY,
        "persona_weights": mapping(number),
        "default_source": SOURCE,
        "default_on": day,
    },
)
FORMULAS = {"perceived_value": (taking(SHAPE, perceived_value), lambda _: functions(scale=100.0))}
