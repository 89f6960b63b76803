"""What a new model does to accounts whose answers stay what they are."""

from .. import document, scorecard
from ..errors import Refused
from ..numbers import ZERO, half_away
from ..ties import BILLION
from ..tolerance import TEXT
from .delta import delta
from .state import State, model_of


def model_change(given):
    """Every account under both models."""
    cards = []
    for side in ("before", "after"):
        try:
            model = model_of(given[side])
        except Refused as refused:
            raise Refused(refused.code, side) from None
        try:
            cards.append(scorecard.compiled(model))
        except Refused as refused:
            raise refused.within(side) from None
    accounts = []
    for index, record in enumerate(given["records"]):
        try:
            accounts.append(_change(given, cards, record))
        except Refused as refused:
            raise refused.within(f"records[{index}]") from None
    return {"accounts": accounts, "moved": sum(one["direction"] is not None for one in accounts)}


def _change(given, cards, record):
    known = [{measure["id"] for measure in document.measures(card["tree"])} for card in cards]
    answers = record.get("answers", {})
    if set(answers) - known[0] - known[1]:
        raise Refused("unknown_id", "answers")
    states = []
    for side, own in zip(("before", "after"), known):
        kept = {name: answer for name, answer in answers.items() if name in own}
        try:
            states.append(State(given[side], {**record, "answers": kept}, given["as_of"]))
        except Refused as refused:
            raise Refused(refused.code, refused.field.removeprefix("record.")) from None
    before, after = states
    was, now = before.assessment, after.assessment
    return {
        "account": record["account"],
        "from": was["band"],
        "to": now["band"],
        "direction": None if was["band"] == now["band"] else _direction(after, was["band"], now["band"]),
        "before": was["score"],
        "after": now["score"],
        "model_effect": delta(before, after)["model"],
        "parts": _parts(was, now),
        "reason": TEXT,
    }


def _direction(after, old, new):
    if old is None:
        return "scored"
    if new is None:
        return "lost"
    names = after.card["bands"]["names"]
    if old not in names or new not in names:
        return "renamed"
    return "up" if names.index(new) > names.index(old) else "down"


def _parts(was, now):
    old, new = ({(part["kind"], part["id"]): part["points"] for part in one["contributions"]} for one in (was, now))
    order = list(new) + [key for key in old if key not in new]
    parts = []
    for kind, name in order:
        before, after = old.get((kind, name)), new.get((kind, name))
        change = (after or ZERO) - (before or ZERO)
        if half_away(change * BILLION):
            parts.append({"id": name, "kind": kind, "before": before, "after": after, "change": change})
    return parts
