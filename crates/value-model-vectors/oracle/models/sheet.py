"""What the models share: a small scorecard with its record, and the parts of its result."""

from .. import answers, document
from ..errors import Refused
from ..inputs import finite
from ..numbers import HUNDRED, ZERO
from ..scorecard import Scored, assessment, compiled
from ..ties import Ties


class Sheet:
    """A scorecard whose leaves are partly computed: `leaves` stand in place of answers."""

    def __init__(self, model, as_of, text, record=None, leaves=None):
        self.card = compiled(model)
        given = {"account": "-", "answers": {}, **(record or {})}
        self.scored = Filled(self.card, given, as_of, Ties(), leaves or {})
        self.result = assessment(self.scored, text)
        self.measures = {measure["id"]: measure for measure in self.result["measures"]}
        self.groups = {group["id"]: group for group in self.result["groups"]}

    def part(self, name):
        """A group or measure as a part of a model's result."""
        if name in self.groups:
            return self._group(name)
        leaf, measure = self.scored.leaves[name], self.measures[name]
        return {
            "score": None if leaf.unit is None else HUNDRED * leaf.unit,
            "reason": leaf.missing,
            "lower": HUNDRED * leaf.lower,
            "upper": HUNDRED * leaf.upper,
            "coverage": leaf.coverage,
            "points": measure["contribution"],
        }

    def _group(self, name):
        group = self.groups[name]
        return {
            "score": group["score"],
            "reason": self.reason(name),
            "lower": group["lower"],
            "upper": group["upper"],
            "coverage": group["coverage"],
            "points": group["contribution"],
        }

    def reason(self, name):
        """Why a group has no score, in the words of the models."""
        group = self.groups[name]
        if group["outcome"] == "not_applicable":
            return "not_applicable"
        if group["reason"] != "nothing_answered":
            return group["reason"]
        [node] = [found for found in document.groups(self.card["tree"]) if found["id"] == name]
        missing = {self.scored.leaves[measure["id"]].missing for measure in document.measures(node)}
        return next((reason for reason in answers.REASONS if reason in missing), "no_data")

    def head(self):
        """The score of the whole with its bounds."""
        root = self._group(self.card["tree"]["id"])
        del root["points"]
        return root


class Filled(Scored):
    """A scored tree of which some leaves are given."""

    def __init__(self, card, record, as_of, ties, leaves):
        self.given = leaves
        super().__init__(card, record, as_of, ties)

    def leaf(self, measure):
        """The given leaf, or the one that the answers make."""
        return self.given.get(measure["id"]) or super().leaf(measure)


def answered(name, unit, factor=1):
    """A leaf that is known."""
    return answers.Leaf(name, unit=unit, factor=factor + ZERO)


def absent(name, reason="no_data"):
    """A leaf that is missing."""
    return answers.Leaf(name, missing=reason)


def weighed(given, field, key):
    """Checks the weights of a list: each 0 or more, one of them above."""
    entries = given.get(field) or []
    for index, entry in enumerate(entries):
        path = f"{field}[{index}].{key}"
        if finite({key: 1, **entry}, key, path) < 0:
            raise Refused("weight", path)
    if entries and all(entry.get(key, 1) == 0 for entry in entries):
        raise Refused("zero_weight", field)


def moved(refused, places):
    """A refusal of the sheet, at its place in the input of the model."""
    for prefix, place in places.items():
        if refused.field == prefix or refused.field.startswith((prefix + ".", prefix + "[")):
            return Refused(refused.code, place + refused.field[len(prefix) :])
    return refused
