"""Accounts under a set of models, and parents as the weighted mean of their children."""

from fractions import Fraction

from .. import document, rules, scorecard
from ..errors import Refused
from ..numbers import HUNDRED, ZERO, exact, shortest, total
from ..ties import Ties
from .state import State, model_of

SCHEMA = "value-model-set/1"
BANDS = {"cuts": [50, 75], "names": ["at_risk", "watch", "healthy"], "edge": "above"}


def score_set(given):
    """Every account under its models, then the parents."""
    cards = _checked(given["set"])
    rolled = {}
    found, seen = [], set()
    for index, record in enumerate(given["records"]):
        if record["account"] in seen:
            raise Refused("duplicate", "records")
        seen.add(record["account"])
        try:
            own = _assess(given["set"], cards, record, given["as_of"])
            found += own
            _gather(given["set"], record, own, rolled)
        except Refused as refused:
            raise refused.within(f"records[{index}]") from None
    return {
        "set": given["set"]["id"],
        "version": given["set"]["version"],
        "assessments": found,
        "parents": _parents(given["set"], rolled, given["as_of"]) if given["set"].get("parents") else [],
    }


def _checked(model_set):
    """The compiled models by name; a set that makes no sense is refused."""
    if model_set["schema"] != SCHEMA:
        raise Refused("schema_version", "set.schema")
    if not model_set["models"]:
        raise Refused("empty", "set.models")
    cards = {}
    for name in sorted(model_set["models"], key=str.encode):
        try:
            cards[name] = scorecard.compiled(model_of(model_set["models"][name]))
        except Refused as refused:
            raise Refused(refused.code, f"set.models.{name}") from None
    _names(model_set["default"], cards, "set.default")
    ids = {"default"}
    for index, case in enumerate(model_set.get("cases") or []):
        if case["id"] in ids:
            raise Refused("duplicate", "set.cases")
        ids.add(case["id"])
        path = f"set.cases[{index}]"
        if not case["when"]:
            raise Refused("empty", f"{path}.when")
        for number, when in enumerate(case["when"]):
            asks = [bool(when.get("is")), when.get("from") is not None or when.get("below") is not None]
            if sum([*asks, bool(when.get("missing"))]) != 1:
                raise Refused("conflict", f"{path}.when[{number}]")
            if None not in (when.get("from"), when.get("below")) and when["from"] >= when["below"]:
                raise Refused("conflict", f"{path}.when[{number}].below")
        if case.get("roll_up"):
            if not model_set.get("parents") or case.get("models"):
                raise Refused("conflict", f"{path}.roll_up")
        else:
            _names(case.get("models") or [], cards, f"{path}.models")
    parents = model_set.get("parents")
    if parents and parents.get("by", "count") == "revenue" and not parents.get("revenue"):
        raise Refused("missing", "set.parents.revenue")
    return cards


def _names(names, cards, path):
    if not names:
        raise Refused("empty", path)
    for number, name in enumerate(names):
        if name not in cards:
            raise Refused("unknown_id", f"{path}[{number}]")


def _attribute(record, name):
    value = (record.get("attributes") or {}).get(name)
    return None if value == "" else value


def _shown(value):
    if isinstance(value, str):
        return value
    return ("yes" if value else "no") if isinstance(value, bool) else shortest(value)


def _number(record, name, value):
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            value = None
    if value is None or isinstance(value, bool):
        raise Refused("invalid_input", f"attributes.{name}")
    return exact(value)


def _holds(when, record):
    name = when["attribute"]
    value = _attribute(record, name)
    if value is None:
        return bool(when.get("missing"))
    if when.get("missing"):
        return False
    if when.get("is"):
        return _shown(value) in [_shown(one) for one in when["is"]]
    number = _number(record, name, value)
    low, high = when.get("from"), when.get("below")
    return (low is None or number >= exact(low)) and (high is None or number < exact(high))


def _assess(model_set, cards, record, as_of):
    case = {"id": "default", "models": model_set["default"]}
    for one in model_set.get("cases") or []:
        if all(_holds(when, record) for when in one["when"]):
            case = one
            break
    known = {name: {measure["id"] for measure in document.measures(card["tree"])} for name, card in cards.items()}
    out = []
    for name in case.get("models") or []:
        answers = record.get("answers", {})
        if set(answers) - set().union(*known.values()):
            raise Refused("unknown_id", "answers")
        kept = {measure: answer for measure, answer in answers.items() if measure in known[name]}
        try:
            state = State(model_set["models"][name], {**record, "answers": kept}, as_of)
        except Refused as refused:
            raise Refused(refused.code, refused.field.removeprefix("record.")) from None
        out.append({"case": case["id"], "card": name, "assessment": state.assessment})
    return out


def _gather(model_set, record, own, rolled):
    parents = model_set.get("parents")
    if not parents:
        return
    parent = _attribute(record, parents["attribute"])
    revenue = None
    if parents.get("by", "count") == "revenue":
        value = _attribute(record, parents["revenue"])
        revenue = None if value is None else _number(record, parents["revenue"], value)
        if revenue is not None and revenue < 0:
            raise Refused("out_of_range", f"attributes.{parents['revenue']}")
    rolled[record["account"]] = {
        "parent": None if parent is None else _shown(parent),
        "own": own[0]["assessment"] if own else None,
        "revenue": revenue,
    }


def _parents(model_set, accounts, as_of):
    for account in list(accounts.values()):
        if account["parent"] is not None:
            accounts.setdefault(account["parent"], {"parent": None, "own": None, "revenue": None})
    done, found = {}, {}

    def solve(name, above):
        if name in above:
            raise Refused("conflict", "parents")
        if name in done:
            return
        account = accounts[name]
        below = sorted((child for child in accounts if accounts[child]["parent"] == name), key=str.encode)
        for child in below:
            solve(child, above | {name})
        if account["own"]:
            done[name] = account["own"], account["revenue"]
            return
        found[name] = _parent(model_set, name, [(child, *done[child]) for child in below], as_of)
        known = [revenue for _, revenue in (done[child] for child in below) if revenue is not None]
        own = account["revenue"]
        done[name] = found[name], own if own is not None else (total(known) if known else None)

    for name in accounts:
        solve(name, frozenset())
    return [found[name] for name in sorted(found, key=str.encode)]


def _parent(model_set, name, below, as_of):
    parents = model_set["parents"]
    by = parents.get("by", "count")
    live = [(child, result, revenue) for child, result, revenue in below if result["outcome"] != "not_applicable"]
    weights = [Fraction(1) if by == "count" else revenue or ZERO for _, _, revenue in live]
    weight = total(weights)
    scored = total(w for w, (_, result, _) in zip(weights, live) if result["score"] is not None)
    points = total(w * (result["score"] or ZERO) for w, (_, result, _) in zip(weights, live))

    def mean(field, otherwise=ZERO):
        return total(w * result[field] for w, (_, result, _) in zip(weights, live)) / weight if weight else otherwise

    coverage, lower, upper = mean("coverage"), mean("lower"), mean("upper", HUNDRED)
    least = parents.get("min_coverage")
    enough = coverage >= (Fraction(1, 2) if least is None else exact(least))
    score = points / scored if scored and enough else None
    bands = {"edge": "above", **(parents.get("bands") or BANDS)}
    band = lambda x: bands["names"][rules.band(bands, x, Ties(0))]
    outcome = "scored" if score is not None else "insufficient"
    if score is None and below and not live:
        outcome = "not_applicable"
    return {
        "model": model_set["id"],
        "version": model_set["version"],
        "account": name,
        "as_of": as_of,
        "outcome": outcome,
        "score": score,
        "band": None if score is None else band(score),
        "lower_band": band(lower),
        "lower": lower,
        "upper": upper,
        "coverage": coverage,
        "by": by,
        "children": [
            {
                "account": child,
                "score": result["score"],
                "weight": w,
                "contribution": ZERO if score is None or result["score"] is None else w * result["score"] / scored,
            }
            for w, (child, result, _) in zip(weights, live)
        ],
        "without_revenue": sum(by == "revenue" and revenue is None for _, _, revenue in live),
    }
