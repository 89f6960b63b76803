"""Why a score changed: the model, the answers, what is known, an override."""

from fractions import Fraction

from .. import aggregate, answers, document, rules
from ..errors import Refused
from ..numbers import HUNDRED, ZERO, exact, total
from ..tolerance import TEXT
from .state import State, state_of

# Points below this are lost in any double beside a score.
NEGLIGIBLE = Fraction(1, 10**14)
NOTHING = dict.fromkeys(("change", "model", "behaviour", "coverage", "override"))


def delta_of(given):
    """The delta of two states given as documents."""
    states = []
    for name in ("before", "after"):
        try:
            states.append(state_of(given[name]))
        except Refused as refused:
            raise refused.within(name) from None
    return delta(*states)


def what_if(given):
    """The same account with some answers replaced."""
    before = state_of(given)
    known = {measure["id"] for measure in document.measures(before.card["tree"])}
    for name in given["changes"]:
        if name not in known:
            raise Refused("unknown_id", "changes")
    changed = {**given["record"].get("answers", {}), **given["changes"]}
    try:
        after = State(given["model"], {**given["record"], "answers": changed}, given["as_of"])
    except Refused as refused:
        # The record alone was accepted, so that only a change can be at fault.
        raise Refused(refused.code, refused.field.replace("record.answers.", "changes.", 1)) from None
    return {"after": after.assessment, "delta": delta(before, after)}


def delta(before, after):
    """Takes the change between two states of one account apart."""
    if before.scored.record["account"] != after.scored.record["account"]:
        raise Refused("conflict", "after.record.account")
    if before.scored.as_of > after.scored.as_of:
        raise Refused("conflict", "after.as_of")
    shown = [state.assessment["score"] for state in (before, after)]
    same = before.card == after.card
    restated = before if same else State(after.model, _under(after.card, before), before.as_of)
    out = {
        "before": shown[0],
        "after": shown[1],
        **NOTHING,
        "reason": _no_split(before, restated, after),
        "method": "rescored",
        "measures": [],
        "summary": TEXT,
    }
    if None not in shown:
        out["change"] = shown[1] - shown[0]
    if out["reason"] is None:
        _split(out, before, restated, after)
    return out


def _under(card, before):
    """The old record with the answers that the new model still asks for."""
    known = {measure["id"] for measure in document.measures(card["tree"])}
    kept = {name: given for name, given in before.scored.record["answers"].items() if name in known}
    return {**before.scored.record, "answers": kept}


def _no_split(before, restated, after):
    if before.plain is None:
        return "no_score_before"
    if after.plain is None:
        return "no_score_after"
    return "no_score_under_new_model" if restated.plain is None else None


def _plain_means(card):
    return not card["rules"] and all(
        group["aggregator"] == "mean" and group["missing"] in ("renormalise", "zero")
        for group in document.groups(card["tree"])
    )


def _split(out, before, restated, after):
    if _plain_means(after.card):
        out["method"] = "bennet"
    parts = (_bennet if out["method"] == "bennet" else _rescored)(restated, after)
    out["model"] = restated.plain - before.plain
    out["behaviour"] = total(behaviour for behaviour, _ in parts.values())
    out["coverage"] = total(coverage for _, coverage in parts.values())
    out["override"] = (out["after"] - after.plain) - (out["before"] - before.plain)
    for measure in document.measures(after.card["tree"]):
        name = measure["id"]
        behaviour, coverage = parts[name]
        old, new = restated.scored.leaves[name], after.scored.leaves[name]
        if max(abs(behaviour), abs(coverage)) > NEGLIGIBLE:
            out["measures"].append(
                {
                    "id": name,
                    "title": measure["title"] or name,
                    "before": old.unit,
                    "after": new.unit,
                    "behaviour": behaviour,
                    "coverage": coverage,
                }
            )


def _effective(scored):
    """Per leaf, the product of the normalised present weights down the tree."""
    out = {}

    def descend(group, weight):
        live = [
            (child, scored.branches.get(child["id"]) or scored.leaves[child["id"]]) for child in group["children"]
        ]
        present = total(exact(child["weight"]) * part.factor for child, part in live)
        whole = total(exact(child["weight"]) for child, part in live if not part.not_applicable)
        divisor = whole if group["missing"] == "zero" else present
        for child, part in live:
            counts = weight and divisor and not part.not_applicable
            own = weight * exact(child["weight"]) * part.factor / divisor if counts else ZERO
            if document.is_group(child):
                descend(child, own)
            else:
                out[child["id"]] = own

    descend(scored.card["tree"], HUNDRED)
    return out


def _bennet(restated, after):
    weights, later = _effective(restated.scored), _effective(after.scored)
    out = {}
    for name, weight in weights.items():
        old, new = restated.scored.leaves[name].unit, after.scored.leaves[name].unit
        known = [unit for unit in (old, new) if unit is not None]
        old, new = (old if old is not None else new), (new if new is not None else old)
        if not known:
            out[name] = (ZERO, ZERO)
            continue
        out[name] = ((weight + later[name]) / 2 * (new - old), (old + new) / 2 * (later[name] - weight))
    return out


class Walk:
    """Rescoring with one leaf after another replaced."""

    def __init__(self, scored):
        self.scored = scored
        self.leaves = dict(scored.leaves)
        self.score = HUNDRED * scored.final.unit

    def step(self, leaf):
        """The change of the score when this leaf takes its place; nothing while there is no score."""
        self.leaves[leaf.id] = leaf
        root = self._evaluate(self.scored.card["tree"])
        unit = rules.apply_rules(self.scored.card, root, self.leaves, self.scored.ties).unit
        if unit is None:
            return ZERO
        change, self.score = HUNDRED * unit - self.score, HUNDRED * unit
        return change

    def _evaluate(self, node):
        if not document.is_group(node):
            return self.leaves[node["id"]]
        children = [self._evaluate(child) for child in node["children"]]
        return aggregate.branch(node, children, self.scored.ties, explain=False)


def _rescored(restated, after):
    walk = Walk(restated.scored)
    names = [measure["id"] for measure in document.measures(after.card["tree"])]
    old, new = restated.scored.leaves, after.scored.leaves
    coverage = {name: _step(walk, old[name], _covered(old[name], new[name])) for name in names}
    behaviour = {name: _step(walk, walk.leaves[name], new[name]) for name in names}
    return {name: (behaviour[name], coverage[name]) for name in names}


def _step(walk, old, new):
    same = (old.unit, old.factor, old.not_applicable) == (new.unit, new.factor, new.not_applicable)
    return ZERO if same and old.missing == new.missing else walk.step(new)


def _covered(old, new):
    """The new presence and factor, with the old unit where there is one on both sides."""
    if old.unit is None or new.unit is None:
        return new
    return answers.Leaf(new.id, unit=old.unit, factor=new.factor)
