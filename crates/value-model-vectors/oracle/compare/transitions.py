"""Accounts whose band changed between two runs."""

from ..errors import Refused
from .delta import delta
from .state import State, model_of


def transitions(given):
    """Transitions by account, and what else moved."""
    runs = [_run(given, name) for name in ("before", "after")]
    both = sorted(set(runs[0]) & set(runs[1]), key=str.encode)
    moved, unchanged = [], 0
    for account in both:
        before, after = runs[0][account], runs[1][account]
        bands = before.assessment["band"], after.assessment["band"]
        if bands[0] == bands[1]:
            unchanged += 1
            continue
        moved.append(
            {
                "account": account,
                "from": bands[0],
                "to": bands[1],
                "direction": _direction(before, after, *bands),
                "delta": delta(before, after),
            }
        )
    return {
        "transitions": moved,
        "unchanged": unchanged,
        "appeared": sorted(set(runs[1]) - set(runs[0]), key=str.encode),
        "disappeared": sorted(set(runs[0]) - set(runs[1]), key=str.encode),
    }


def _run(given, name):
    run, out = given[name], {}
    try:
        model_of(run["model"])
    except Refused as refused:
        raise refused.within(name) from None
    for index, record in enumerate(run["records"]):
        if record["account"] in out:
            raise Refused("duplicate", f"{name}.records")
        try:
            out[record["account"]] = State(run["model"], record, run["as_of"], place=f"records[{index}]")
        except Refused as refused:
            raise refused.within(name) from None
    return out


def _direction(before, after, old, new):
    if old is None:
        return "scored"
    if new is None:
        return "lost"
    names = after.card["bands"]["names"]
    if names != before.card["bands"]["names"]:
        return "renamed"
    return "up" if names.index(new) > names.index(old) else "down"
