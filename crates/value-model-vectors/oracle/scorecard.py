"""One account under one scorecard: the assessment, with everything that explains it."""

from . import aggregate, answers, dates, document, rules
from .errors import Refused
from .numbers import HUNDRED, ONE, ZERO
from .ties import Ties


class Scored:
    """The tree of one account, evaluated; parts of it can be evaluated again with one leaf replaced."""

    def __init__(self, card, record, as_of, ties):
        self.card, self.record, self.as_of, self.ties = card, record, as_of, ties
        self.leaves = {measure["id"]: self.leaf(measure) for measure in document.measures(card["tree"])}
        self.branches = {}
        self.depths = {}
        self.root = self._evaluate(card["tree"])
        self.final = rules.apply_rules(card, self.root, self.leaves, ties)

    def leaf(self, measure):
        """The state of one measure."""
        return answers.measure_leaf(self.card, measure, self.record, self.as_of)

    def _evaluate(self, node, depth=0):
        if not document.is_group(node):
            return self.leaves[node["id"]]
        self.depths[node["id"]] = depth
        children = [self._evaluate(child, depth + 1) for child in node["children"]]
        out = aggregate.branch(node, children, self.ties)
        self.branches[node["id"]] = out
        return out

    def with_leaf(self, leaf):
        """The root unit after rules if one leaf were this one; bounds aside."""
        root = self._again(self.card["tree"], leaf)
        leaves = {**self.leaves, leaf.id: leaf}
        return rules.apply_rules(self.card, root, leaves, self.ties).unit

    def _again(self, node, leaf):
        """Evaluates only the groups above `leaf` a second time."""
        if not document.is_group(node):
            return leaf if node["id"] == leaf.id else self.leaves[node["id"]]
        if leaf.id not in node.setdefault("_below", {m["id"] for m in document.measures(node)}):
            return self.branches[node["id"]]
        children = [self._again(child, leaf) for child in node["children"]]
        return aggregate.branch(node, children, self.ties, explain=False)


def compiled(model):
    """The checked document with its defaults."""
    card = document.filled(model)
    document.check(card)
    return card


def read_record(card, record):
    """The record with its answers as lists; an answer to an unknown measure is refused."""
    document.named("account", record["account"])
    known = {measure["id"] for measure in document.measures(card["tree"])}
    listed = {}
    for name, given in record.get("answers", {}).items():
        if name not in known:
            raise Refused("unknown_id", "answers")
        listed[name] = answers.as_list(given)
    return {**record, "answers": listed}


def evaluate(model, record, as_of, flips=0):
    """The evaluated tree and the ties it met."""
    card = compiled(model)
    ties = Ties(flips)
    return Scored(card, read_record(card, record), dates.days(as_of, "as_of"), ties)


def assess(model, record, as_of, flips=0):
    """The assessment of a record, and the number of comparisons that rounding alone decides."""
    scored = evaluate(model, record, as_of, flips)
    return assessment(scored, as_of), scored.ties.count


def assessment(scored, as_of):
    """The assessment as it stands on the wire, numbers as exact rationals."""
    card, final, ties = scored.card, scored.final, scored.ties
    held = rules.override(card, scored.record, scored.as_of, ties)
    shown = {"unit": final.unit, "lower": final.lower, "upper": final.upper}
    if held and held["active"]:
        shown = dict.fromkeys(shown, held["score"] / HUNDRED)
    names = card["bands"]["names"]
    points = contributions(scored)
    score = _points(shown["unit"])
    return {
        "model": card["id"],
        "version": card["version"],
        "account": scored.record["account"],
        "as_of": as_of,
        "outcome": "scored" if score is not None else _outcome(scored.root),
        "score": score,
        "raw": _points(scored.root.unit),
        "band": None if score is None else names[rules.band(card["bands"], score, ties)],
        "lower_band": names[rules.band(card["bands"], HUNDRED * shown["lower"], ties)],
        "lower": HUNDRED * shown["lower"],
        "upper": HUNDRED * shown["upper"],
        "coverage": scored.root.coverage,
        "validated_share": scored.root.validated_share,
        "fresh_share": scored.root.fresh_share,
        "groups": [_group_result(scored, group, points) for group in document.groups(card["tree"])],
        "measures": [_measure_result(scored, measure, points) for measure in document.measures(card["tree"])],
        "contributions": _listed(scored, points, held),
        "rules": [
            {**fired, "before": HUNDRED * fired["before"], "after": HUNDRED * fired["after"]}
            for fired in final.fired
        ],
        "override": held,
    }


def _points(unit):
    return None if unit is None else HUNDRED * unit


def _outcome(result):
    if result.unit is not None:
        return "scored"
    return "not_applicable" if result.not_applicable else "insufficient"


def _group_result(scored, group, points):
    result = scored.branches[group["id"]]
    out = {
        "id": group["id"],
        "title": group["title"] or group["id"],
        "outcome": _outcome(result),
        "reason": result.reason,
        "score": _points(result.unit),
        "lower": HUNDRED * result.lower,
        "upper": HUNDRED * result.upper,
        "coverage": result.coverage,
        "validated_share": result.validated_share,
        "fresh_share": result.fresh_share,
        "contribution": points.get(group["id"], ZERO),
        "depth": scored.depths[group["id"]],
    }
    costs = group["polarity"] == "cost" and result.unit is not None
    out["cost_score"] = HUNDRED - out["score"] if costs else None
    return out


def _measure_result(scored, measure, points):
    leaf = scored.leaves[measure["id"]]
    return {
        "id": leaf.id,
        "title": measure["title"] or leaf.id,
        "unit": leaf.unit,
        "missing": leaf.missing,
        "factor": leaf.factor,
        "contribution": points.get(leaf.id, ZERO),
        "headroom": headroom(scored, leaf),
        "personas": leaf.personas,
        "disagreement": leaf.disagreement,
        "backed": leaf.backed,
        "fresh": leaf.fresh,
        "flags": ["undated"] * leaf.undated + ["regressed"] * leaf.regressed,
    }


def headroom(scored, leaf):
    """The score if this leaf were fully answered at its best, less the score: after rules, without override."""
    if leaf.not_applicable or scored.final.unit is None:
        return None
    best = scored.with_leaf(answers.Leaf(leaf.id, unit=ONE, factor=ONE))
    return None if best is None else HUNDRED * (best - scored.final.unit)


def contributions(scored):
    """Points of the raw score by measure and group; groups hold what their children hold."""
    points = {}
    root = scored.root
    if root.unit is not None:
        _descend(scored, scored.card["tree"], HUNDRED * root.unit, points)
    return points


def _descend(scored, group, points, out):
    out[group["id"]] = points
    result = scored.branches[group["id"]]
    per_unit = points / result.unit if result.unit else ZERO
    for child in group["children"]:
        own, stand_in = result.shares.get(child["id"], (ZERO, ZERO))
        if document.is_group(child) and scored.branches[child["id"]].unit is not None:
            _descend(scored, child, own * per_unit, out)
        else:
            out[child["id"]] = (own + stand_in) * per_unit


def _listed(scored, points, held):
    """The entries that sum to the score: measures, stand-ins of missing groups, rules, the override."""
    out = []
    if scored.root.unit is not None:
        for measure in document.measures(scored.card["tree"]):
            out.append({"id": measure["id"], "kind": "measure", "points": points.get(measure["id"], ZERO)})
        for group in document.groups(scored.card["tree"]):
            if scored.branches[group["id"]].unit is None and points.get(group["id"]):
                out.append({"id": group["id"], "kind": "group", "points": points[group["id"]]})
    for fired in scored.final.fired:
        out.append({"id": fired["id"], "kind": "rule", "points": HUNDRED * (fired["after"] - fired["before"])})
    if held and held["active"]:
        before = HUNDRED * (scored.final.unit or ZERO)
        out.append({"id": "override", "kind": "override", "points": held["score"] - before})
    return out
