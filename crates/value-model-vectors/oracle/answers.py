"""Answers of one measure: which of them count, how much, and what they come to."""

from dataclasses import dataclass, field as default
from fractions import Fraction

from . import dates, scales
from .errors import Refused
from .numbers import ONE, ZERO, exact, half_life, shorten, shortest, total

BACKED = {"customer_provided", "validated_with_persona", "measured"}
# The strongest reason first.
REASONS = ("stale", "unvalidated", "no_data")
QUARTER = 90


@dataclass
class Leaf:
    """What the answers to one measure come to: a unit with its weight factor, or a reason why it is missing."""

    id: str
    unit: Fraction | None = None
    missing: str | None = None
    factor: Fraction = ZERO
    backed: bool = False
    fresh: bool = False
    undated: bool = False
    regressed: bool = False
    personas: dict = default(default_factory=dict)
    disagreement: Fraction | None = None
    group = False

    @property
    def not_applicable(self):
        """Whether the weight of this measure leaves the model."""
        return self.missing == "not_applicable"

    @property
    def lower(self):
        """The unit if everything unknown were 0."""
        return self.factor * self.unit if self.unit is not None else ZERO

    @property
    def upper(self):
        """The unit if everything unknown were 1."""
        return self.lower + ONE - self.factor

    @property
    def coverage(self):
        """The share of the weight that an answer carries."""
        return self.factor

    @property
    def validated_share(self):
        """1 when the customer or a measurement stands behind a counted answer."""
        return ONE if self.backed else ZERO

    @property
    def fresh_share(self):
        """1 when a counted answer is dated and fresh."""
        return ONE if self.fresh else ZERO


@dataclass
class Counted:
    """One answer that counts."""

    unit: Fraction
    weight: Fraction
    persona: str
    backed: bool
    fresh: bool
    undated: bool
    regressed: bool


def as_list(answers):
    """The wire forms of an answer as a list of answers with details."""
    listed = answers if isinstance(answers, list) else [answers]
    return [_details(answer) for answer in listed]


def _details(answer):
    if answer is None:
        return {"missing": "no_data"}
    if isinstance(answer, dict) and set(answer) != {"$f64"}:
        return answer
    return {"value": answer}


def measure_leaf(card, measure, record, as_of):
    """The state of one measure for one account."""
    read = [
        _one(card, measure, record, answer, as_of, place)
        for answer, place in _places(measure["id"], record["answers"].get(measure["id"]))
    ]
    counted = [answer for answer in read if isinstance(answer, Counted)]
    if counted:
        return _combine(card, measure["id"], counted)
    return Leaf(measure["id"], missing=_reason(read))


def _places(name, answers):
    """Each answer with its path; only a list numbers its answers."""
    if answers is None:
        return []
    return [
        (answer, f"answers.{name}[{index}]" if len(answers) > 1 else f"answers.{name}")
        for index, answer in enumerate(answers)
    ]


def _reason(read):
    if read and all(reason == "not_applicable" for reason in read):
        return "not_applicable"
    return next((reason for reason in REASONS if reason in read), "no_data")


def _one(card, measure, record, answer, as_of, place):
    """One answer: `Counted`, or the reason why it does not count."""
    on = answer.get("on", record.get("default_on"))
    age = None if on is None else as_of - dates.days(on, place + ".on")
    if age is not None and age < 0:
        raise Refused("after_as_of", place + ".on")
    if answer.get("value") is None:
        return answer.get("missing") or "no_data"
    coded = _missing_code(card, answer["value"])
    if coded is not None:
        return coded
    unit = scales.read(measure, answer, as_of, place)
    if isinstance(unit, str):
        return unit
    source = answer.get("source", record.get("default_source"))
    weight = evidence_factor(measure.get("evidence") or card["evidence"], source)
    if weight == 0:
        return "unvalidated"
    rule = measure.get("recency") or card["recency"]
    recent = recency_factor(rule, age)
    if recent == 0:
        return "stale"
    return Counted(
        unit=unit[0],
        weight=weight * recent,
        persona=answer.get("persona", record.get("default_persona")) or "",
        backed=source in BACKED,
        fresh=age is not None and age <= fresh_days(rule),
        undated=age is None and rule != "none",
        regressed=unit[1],
    )


def _missing_code(card, value):
    if isinstance(value, bool):
        return None
    text = value if isinstance(value, str) else shortest(value)
    return card["missing_codes"].get(text)


def evidence_factor(rule, source):
    """How much an answer of this source counts."""
    if rule == "any":
        return ONE
    if rule == "customer_backed":
        return ONE if source in BACKED else ZERO
    return exact(rule["graded"][source or "unstated"])


def recency_factor(rule, age):
    """How much an answer of this age counts; an undated one counts fully."""
    if age is None or rule == "none":
        return ONE
    [(name, parameters)] = rule.items()
    if name == "window":
        return ONE if age <= parameters.get("days", QUARTER) else ZERO
    return half_life(age, parameters["days"])


def fresh_days(rule):
    """The age up to which an answer is fresh."""
    if rule == "none":
        return QUARTER
    [(_, parameters)] = rule.items()
    return parameters.get("days", QUARTER)


def _combine(card, name, counted):
    means = {}
    for persona in sorted({answer.persona for answer in counted}, key=str.encode):
        mine = [answer for answer in counted if answer.persona == persona]
        weight = total(answer.weight for answer in mine)
        means[persona] = total(answer.weight * answer.unit for answer in mine) / weight
    weights = {persona: exact(card["persona_weights"].get(persona, 1)) for persona in means}
    unit = total(weights[persona] * mean for persona, mean in means.items()) / total(weights.values())
    return Leaf(
        name,
        unit=shorten(unit),
        factor=max(answer.weight for answer in counted),
        backed=any(answer.backed for answer in counted),
        fresh=any(answer.fresh for answer in counted),
        undated=any(answer.undated for answer in counted),
        regressed=any(answer.regressed for answer in counted),
        personas=means if any(means) else {},
        disagreement=max(means.values()) - min(means.values()) if len(means) > 1 else None,
    )
