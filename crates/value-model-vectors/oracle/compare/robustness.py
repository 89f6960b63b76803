"""How far a score moves when every weight may move: by trying every corner of the weights."""

from itertools import product

from .. import aggregate, document, rules
from ..errors import Refused
from ..inputs import finite
from ..numbers import HUNDRED, ONE, ZERO, exact
from .state import state_of

RELATIVE = 0.2
# 2^12 corners a group are tried.
CHILDREN = 12


def robustness(given):
    """The range of the score with each weight within w (1 - r) .. w (1 + r)."""
    relative = finite({"relative": RELATIVE, **given}, "relative")
    if not 0 <= relative < 1:
        raise Refused("out_of_range", "relative")
    state = state_of(given)
    score = state.assessment["score"]
    if score is None:
        return {
            **dict.fromkeys(("score", "low", "high", "band", "low_band", "high_band")),
            "band_can_change": False,
        }
    held = state.assessment["override"]
    if held and held["active"]:
        low = high = score
    else:
        low, high = (_ruled(state, unit) for unit in Range(state.scored, relative).of(state.card["tree"]))
    bands = [state.band(x) for x in (score, low, high)]
    return {
        "score": score,
        "low": low,
        "high": high,
        "band": bands[0],
        "low_band": bands[1],
        "high_band": bands[2],
        "band_can_change": bands[1] != bands[0] or bands[2] != bands[0],
    }


def _ruled(state, unit):
    """A score after the rules that fired."""
    fired = {rule["id"] for rule in state.scored.final.fired}
    for rule in state.card["rules"]:
        if rule["id"] in fired:
            [(action, at)] = rule["then"].items()
            unit = rules._act(action, unit, exact(at))
    return HUNDRED * unit


class Range:
    """The least and the greatest unit of each group."""

    def __init__(self, scored, relative):
        self.scored = scored
        self.ends = (ONE - relative, ONE + relative)

    def of(self, node):
        """(least, greatest) of a node; None without a score."""
        if not document.is_group(node):
            unit = self.scored.leaves[node["id"]].unit
            return None if unit is None else (unit, unit)
        if self.scored.branches[node["id"]].unit is None:
            return None
        uplift = aggregate.uplift_ids(node["aggregator"])
        base = [child for child in node["children"] if child["id"] not in uplift]
        kind = node["aggregator"] if not uplift else "mean"
        lift = [child for child in node["children"] if child["id"] in uplift]
        return tuple(self._end(node, kind, base, lift, end) for end in (0, 1))

    def _parts(self, group, children, end):
        """Per child its parts (weight, unit): the answer, and what stands in for the missing weight."""
        stand_in = aggregate.stand_in(group["missing"])
        out = []
        for child in children:
            result = self.scored.branches.get(child["id"]) or self.scored.leaves[child["id"]]
            if result.not_applicable or child["weight"] == 0:
                continue
            live = aggregate.Live(result, exact(child["weight"]))
            parts = [(live.present, self.of(child)[end])] if live.present > 0 else []
            if stand_in is not None and live.absent > 0:
                parts.append((live.absent, stand_in))
            if parts:
                out.append(parts)
        return out

    def _end(self, group, kind, base, lift, end):
        parts = self._parts(group, base, end)
        if len(parts) > CHILDREN:
            raise ValueError(f"more than {CHILDREN} children to try")
        choose = max if end else min
        unit = choose(
            aggregate.power_mean(kind, [(w * by, u) for by, child in zip(corner, parts) for w, u in child])
            for corner in product(self.ends, repeat=len(parts))
        )
        return unit + (ONE - unit) * self._lift(lift, end)

    def _lift(self, lift, end):
        """What uplift adds of the room: all weights low, or all high with at most 1 in sum, the largest units first."""
        room, gain = ONE, ZERO
        found = []
        for child in lift:
            result = self.scored.branches.get(child["id"]) or self.scored.leaves[child["id"]]
            if result.factor > 0 and not result.not_applicable:
                found.append((self.of(child)[end], exact(child["weight"]) * result.factor * self.ends[end]))
        for unit, weight in sorted(found, reverse=True):
            weight = min(weight, room)
            room -= weight
            gain += weight * unit
        return gain
