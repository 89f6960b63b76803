"""What happens to the root's score after aggregation: rules, a person's override, bands."""

from dataclasses import dataclass, field as default
from fractions import Fraction

from . import dates, inputs
from .errors import Refused
from .numbers import HUNDRED, exact

OVERRIDE_DAYS = 90
EDGE_OVERRIDE_DAYS = 30


@dataclass
class Final:
    """The root's unit and bounds on their way through the rules."""

    unit: Fraction | None
    lower: Fraction
    upper: Fraction
    fired: list = default(default_factory=list)


def apply_rules(card, root, leaves, ties):
    """The root after every rule, in order."""
    out = Final(root.unit, root.lower, root.upper)
    for rule in card["rules"]:
        [(action, unit)] = rule["then"].items()
        held = _holds(rule["when"], leaves, ties)
        if held is None:
            _outward(out, action, exact(unit))
        elif held:
            _fire(out, rule, action, exact(unit))
    return out


def _holds(when, leaves, ties):
    """True or false, or None where the measure is missing and nobody can tell."""
    [(name, predicate)] = when.items()
    leaf = leaves[predicate["measure"]]
    if leaf.not_applicable:
        return False
    if name == "missing":
        return leaf.unit is None
    if leaf.unit is None:
        return None
    order = ties.order(HUNDRED * leaf.unit, HUNDRED * exact(predicate["unit"]))
    return order == {"below": -1, "above": 1, "equals": 0}[name]


def _act(action, x, unit):
    if action == "cap":
        return min(x, unit)
    return max(x, unit) if action == "floor" else unit


def _fire(out, rule, action, unit):
    if out.unit is not None:
        after = _act(action, out.unit, unit)
        out.fired.append({"id": rule["id"], "title": rule.get("title") or rule["id"], "before": out.unit, "after": after})
        out.unit = after
    out.lower = _act(action, out.lower, unit)
    out.upper = _act(action, out.upper, unit)


def _outward(out, action, unit):
    if action in ("cap", "set"):
        out.lower = min(out.lower, unit)
    if action in ("floor", "set"):
        out.upper = max(out.upper, unit)


def band(bands, score, ties):
    """The index of the band of a score, edges at 9 decimals."""
    edge_above = bands["edge"] == "above"
    orders = [ties.order(score, exact(cut)) for cut in bands["cuts"]]
    return sum(order > 0 or edge_above and order == 0 for order in orders)


def override(card, record, as_of, ties):
    """The override of a record with its last day, and whether it holds on the scoring date; None without one."""
    given = record.get("override")
    if given is None:
        return None
    score = inputs.finite(given, "score", path="override.score")
    for field in ("reason", "author"):
        inputs.name(given[field], f"override.{field}")
    if not 0 <= score <= 100:
        raise Refused("out_of_range", "override.score")
    made = dates.days(given["made_on"], "override.made_on")
    if made > as_of:
        raise Refused("after_as_of", "override.made_on")
    if given.get("expires_on") is not None:
        expires = dates.days(given["expires_on"], "override.expires_on")
    else:
        at_edge = band(card["bands"], score, ties) in (0, len(card["bands"]["cuts"]))
        expires = made + (EDGE_OVERRIDE_DAYS if at_edge else OVERRIDE_DAYS)
    return {
        "score": score,
        "reason": given["reason"],
        "author": given["author"],
        "made_on": given["made_on"],
        "expires_on": dates.text(expires),
        "active": as_of <= expires,
    }
