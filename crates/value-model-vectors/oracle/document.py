"""The scorecard document with its defaults filled in, and the checks that refuse it."""

from . import dates
from .errors import Refused
from .inputs import LARGEST
from .numbers import exact
from .scales import kind

SCHEMA = "value-model/1"
BANDS = {"cuts": [50, 75], "names": ["at_risk", "watch", "healthy"], "edge": "above"}
DEPTH = 64


def filled(model):
    """The document with every default written out; the input is left as it is."""
    card = {
        "evidence": "any",
        "recency": "none",
        "persona_weights": {},
        "missing_codes": {},
        "rules": [],
        **model,
    }
    card["bands"] = {"edge": "above", **model.get("bands", BANDS)}
    card["tree"] = _group(model["tree"])
    return card


def _group(group):
    return {
        "title": "",
        "weight": 1,
        "aggregator": "mean",
        "missing": "renormalise",
        "min_coverage": 0.5,
        "require": [],
        "polarity": "value",
        **group,
        "children": [_node(child) for child in group["children"]],
    }


def _node(node):
    if "children" in node:
        return _group(node)
    return {"title": "", "weight": 1, "reverse": False, **node}


def is_group(node):
    """Whether a child is a group; else it is a measure."""
    return "children" in node


def measures(group):
    """Every measure below a group, in tree order."""
    for child in group["children"]:
        if is_group(child):
            yield from measures(child)
        else:
            yield child


def groups(group):
    """The group and every group below it, root first."""
    yield group
    for child in group["children"]:
        if is_group(child):
            yield from groups(child)


def check(card):
    """Refuses a document that cannot be scored."""
    if card["schema"] != SCHEMA:
        raise Refused("schema_version", "schema")
    for field in ("id", "version"):
        named(field, card[field])
    _evidence("evidence", card["evidence"])
    _recency("recency", card["recency"])
    for persona, weight in card["persona_weights"].items():
        _finite(f"persona_weights.{persona}", weight)
        if weight <= 0:
            raise Refused("out_of_range", f"persona_weights.{persona}")
    seen = set()
    _check_group(card["tree"], "tree", seen, 1)
    _check_rules(card)
    _check_bands(card["bands"])


def named(field, text):
    """Refuses an empty name or one with control characters."""
    if not text or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
        raise Refused("invalid_text", field)


def _finite(field, x):
    if x != x or x in (float("inf"), float("-inf")):
        raise Refused("not_finite", field)


def _unit(field, x):
    _finite(field, x)
    if not 0 <= x <= 1:
        raise Refused("out_of_range", field)


def _weight(field, x):
    _finite(field, x)
    if x < 0:
        raise Refused("weight", field)


def _evidence(field, rule):
    if isinstance(rule, dict):
        for source, grade in rule["graded"].items():
            _unit(f"{field}.graded.{source}", grade)


def _recency(field, rule):
    if isinstance(rule, dict) and rule.get("half_life", {}).get("days") == 0:
        raise Refused("out_of_range", f"{field}.half_life.days")


def _check_group(group, path, seen, depth):
    _identify(group, path, seen)
    if depth > DEPTH:
        raise Refused("limit", path)
    if not group["children"]:
        raise Refused("empty", f"{path}.children")
    _unit(f"{path}.min_coverage", group["min_coverage"])
    if isinstance(group["missing"], dict):
        _unit(f"{path}.missing.neutral", group["missing"]["neutral"])
    for index, child in enumerate(group["children"]):
        place = f"{path}.children[{index}]"
        _weight(f"{place}.weight", child["weight"])
        if is_group(child):
            _check_group(child, place, seen, depth + 1)
        else:
            _check_measure(child, place, seen)
    _check_names(group, path)


def _check_names(group, path):
    """Required and uplift children must exist, and some weight must be left."""
    names = {child["id"]: child for child in group["children"]}
    for index, name in enumerate(group["require"]):
        if name not in names:
            raise Refused("unknown_id", f"{path}.require[{index}]")
    uplift = group["aggregator"]["headroom"]["uplift"] if isinstance(group["aggregator"], dict) else []
    for index, name in enumerate(uplift):
        if name not in names:
            raise Refused("unknown_id", f"{path}.aggregator.headroom.uplift[{index}]")
    if sum(exact(names[name]["weight"]) for name in uplift) > 1:
        raise Refused("out_of_range", f"{path}.aggregator.headroom.uplift")
    if sum(exact(child["weight"]) for child in names.values()) > LARGEST:
        raise Refused("overflow", f"{path}.children")
    if all(child["weight"] == 0 for name, child in names.items() if name not in uplift):
        raise Refused("zero_weight", f"{path}.children")


def _identify(node, path, seen):
    named(f"{path}.id", node["id"])
    if node["id"] in seen:
        raise Refused("duplicate", f"{path}.id")
    seen.add(node["id"])


def _check_measure(measure, path, seen):
    _identify(measure, path, seen)
    _evidence(f"{path}.evidence", measure.get("evidence"))
    _recency(f"{path}.recency", measure.get("recency"))
    if measure.get("effort") is not None:
        _finite(f"{path}.effort", measure["effort"])
        if measure["effort"] <= 0:
            raise Refused("out_of_range", f"{path}.effort")
    name, parameters = kind(measure["scale"])
    CHECKS.get(name, lambda *_: None)(parameters, f"{path}.scale.{name}")


def _check_likert(p, path):
    if p["max"] <= p["min"]:
        raise Refused("conflict", path)


def _check_levels(levels, path):
    if not levels:
        raise Refused("empty", path)
    for name, meaning in levels.items():
        if meaning != "not_applicable":
            _unit(f"{path}.{name}", meaning)


def _check_line(p, path):
    _finite(f"{path}.worst", p["worst"])
    _finite(f"{path}.best", p["best"])
    if p["worst"] == p["best"]:
        raise Refused("conflict", f"{path}.best")


def _rising(entries, key, path):
    if not entries:
        raise Refused("empty", path)
    for index, entry in enumerate(entries):
        _finite(f"{path}[{index}].{key}", entry[key])
        _unit(f"{path}[{index}].unit", entry["unit"])
        if index and entry[key] <= entries[index - 1][key]:
            raise Refused("out_of_range", f"{path}[{index}].{key}")


def _check_steps(p, path):
    _unit(f"{path}.below", p["below"])
    _rising(p["steps"], "from", f"{path}.steps")


def _check_points(points, path):
    _rising(points, "at", path)


def _check_progress(p, path):
    _finite(f"{path}.baseline", p["baseline"])
    _finite(f"{path}.target", p["target"])
    tolerance = p.get("tolerance")
    if tolerance is None and p["baseline"] == p["target"]:
        raise Refused("conflict", f"{path}.target")
    if tolerance is not None:
        _finite(f"{path}.tolerance", tolerance)
        if tolerance < 0:
            raise Refused("out_of_range", f"{path}.tolerance")


def _check_pace(p, path):
    _check_progress(p, path)
    if dates.days(p["due"], f"{path}.due") <= dates.days(p["start"], f"{path}.start"):
        raise Refused("conflict", f"{path}.due")


def _check_peer(p, path):
    if not p["cohort"]:
        raise Refused("empty", f"{path}.cohort")
    for index, value in enumerate(p["cohort"]):
        _finite(f"{path}.cohort[{index}]", value)


CHECKS = {
    "likert": _check_likert,
    "levels": _check_levels,
    "linear": _check_line,
    "linear_bounded": _check_line,
    "steps": _check_steps,
    "points": _check_points,
    "progress": _check_progress,
    "pace": _check_pace,
    "peer": _check_peer,
}


def _check_rules(card):
    known = {measure["id"] for measure in measures(card["tree"])}
    seen = set()
    for index, rule in enumerate(card["rules"]):
        path = f"rules[{index}]"
        _identify(rule, path, seen)
        [(name, when)] = rule["when"].items()
        if when["measure"] not in known:
            raise Refused("unknown_id", f"{path}.when.{name}.measure")
        if "unit" in when:
            _unit(f"{path}.when.{name}.unit", when["unit"])
        [(action, unit)] = rule["then"].items()
        _unit(f"{path}.then.{action}", unit)


def _check_bands(bands):
    for index, cut in enumerate(bands["cuts"]):
        _finite(f"bands.cuts[{index}]", cut)
        if not 0 <= cut <= 100:
            raise Refused("out_of_range", f"bands.cuts[{index}]")
        if index and cut <= bands["cuts"][index - 1]:
            raise Refused("conflict", f"bands.cuts[{index}]")
    if len(bands["names"]) != len(bands["cuts"]) + 1:
        raise Refused("conflict", "bands.names")
    for index, name in enumerate(bands["names"]):
        named(f"bands.names[{index}]", name)
        if name in bands["names"][:index]:
            raise Refused("duplicate", "bands.names")
