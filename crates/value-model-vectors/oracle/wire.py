"""The shapes of scorecards and records on the wire."""

from .errors import Refused
from .shapes import anything, choice, count, day, flag, integer, listed, mapping, number, record, text

SOURCE = choice("vendor_asserted", "customer_provided", "validated_with_persona", "measured")
MISSING = choice("not_applicable", "no_data", "unvalidated", "stale")
GRADES = ("unstated", "vendor_asserted", "customer_provided", "validated_with_persona", "measured")
EVIDENCE = choice("any", "customer_backed", graded=record(dict.fromkeys(GRADES, number)))
RECENCY = choice("none", window=record({}, {"days": count}), half_life=record({"days": count}))
AREA = choice("product", "go_to_market", "operations", "people", "competition", "community")

LINE = record({"worst": number, "best": number})
GOAL = {"baseline": number, "target": number}
STEP = record({"from": number, "unit": number})
POINT = record({"at": number, "unit": number})
SCALE = choice(
    "yes_no",
    "unit",
    "percent",
    "score",
    "growth",
    likert=record({"min": integer, "max": integer}),
    levels=mapping(anything),
    linear=LINE,
    linear_bounded=LINE,
    steps=record({"below": number, "steps": listed(STEP)}),
    points=listed(POINT),
    within=record({"days": count}),
    progress=record(GOAL, {"tolerance": number}),
    pace=record({**GOAL, "start": day, "due": day}, {"tolerance": number}),
    peer=record({"cohort": listed(number)}),
)

MEASURE = record(
    {"id": text, "scale": SCALE},
    {
        "title": text,
        "question": text,
        "weight": number,
        "reverse": flag,
        "column": text,
        "evidence": EVIDENCE,
        "recency": RECENCY,
        "area": AREA,
        "effort": number,
    },
)


def node(value, path):
    """A child of a group, told apart by its fields."""
    if isinstance(value, dict) and "children" in value:
        GROUP(value, path)
    else:
        MEASURE(value, path)


GROUP = record(
    {"id": text, "children": listed(node)},
    {
        "title": text,
        "weight": number,
        "aggregator": choice(
            "mean", "geometric", "harmonic", "min", "max", headroom=record({"uplift": listed(text)})
        ),
        "missing": choice("renormalise", "zero", "fail", neutral=number),
        "min_coverage": number,
        "require": listed(text),
        "polarity": choice("value", "cost"),
    },
)

COMPARE = record({"measure": text, "unit": number})
RULE = record(
    {
        "id": text,
        "when": choice(below=COMPARE, above=COMPARE, equals=COMPARE, missing=record({"measure": text})),
        "then": choice(cap=number, floor=number, set=number),
    },
    {"title": text},
)
SCORECARD = record(
    {"schema": text, "id": text, "version": text, "title": text, "tree": GROUP},
    {
        "description": text,
        "evidence": EVIDENCE,
        "recency": RECENCY,
        "persona_weights": mapping(number),
        "missing_codes": mapping(MISSING),
        "rules": listed(RULE),
        "bands": record(
            {"cuts": listed(number), "names": listed(text)}, {"edge": choice("above", "gainsight", "churnzero")}
        ),
    },
)


def model(value, path):
    """A scorecard, or the id of a preset."""
    if not isinstance(value, str):
        SCORECARD(value, path)


def raw(value, path):
    """A raw value: a number, true or false, a text."""
    if not isinstance(value, (bool, int, float, str)):
        raise Refused("invalid_input", path)


DETAILS = record(
    {},
    {
        "value": raw,
        "missing": MISSING,
        "before": number,
        "source": SOURCE,
        "persona": text,
        "on": day,
        "note": text,
    },
)


def answer(value, path):
    """One answer: nothing, a bare value or an object with details."""
    if isinstance(value, dict):
        DETAILS(value, path)
    elif value is not None:
        raw(value, path)


def answers(value, path):
    """An answer or a list of them."""
    (listed(answer) if isinstance(value, list) else answer)(value, path)


OVERRIDE = record({"score": number, "reason": text, "author": text, "made_on": day}, {"expires_on": day})
RECORD = record(
    {"account": text},
    {
        "answers": mapping(answers),
        "attributes": mapping(lambda value, path: value is None or raw(value, path)),
        "default_source": SOURCE,
        "default_persona": text,
        "default_on": day,
        "override": OVERRIDE,
    },
)
SCORE = {"model": model, "record": RECORD, "as_of": day}
