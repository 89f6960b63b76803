"""Next best value: measures by what there is to win, per unit of effort."""

from .. import document
from ..numbers import exact
from .state import state_of


def next_best(given):
    """The measures that apply, the best first; equals stay in the order of the tree."""
    state = state_of(given)
    results = {measure["id"]: measure for measure in state.assessment["measures"]}
    found = []
    for measure in document.measures(state.card["tree"]):
        result = results[measure["id"]]
        if result["headroom"] is None:
            continue
        effort = measure.get("effort")
        effort = None if effort is None else exact(effort)
        found.append(
            {
                "id": result["id"],
                "title": result["title"],
                "unit": result["unit"],
                "missing": result["missing"],
                "headroom": result["headroom"],
                "effort": effort,
                "points_per_effort": result["headroom"] / (effort or 1),
            }
        )
    found.sort(key=lambda candidate: -round(candidate["points_per_effort"] * 10**9))
    return {"score": state.assessment["score"], "measures": found}
