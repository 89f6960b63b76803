"""Small scorecards for the golden cases."""

AS_OF = "2026-11-01"


def card(children, **more):
    """A scorecard over these children of the root."""
    tree = {"id": "root", "children": children, **more.pop("tree", {})}
    return {"schema": "value-model/1", "id": "t", "version": "1", "title": "T", "tree": tree, **more}


def unit(name, weight=1, **more):
    """A measure whose answers are units."""
    return {"id": name, "scale": "unit", "weight": weight, **more}


def units(values, weights=None, **more):
    """A scorecard of units a, b, c ... and the record of their values; None is missing."""
    names = "abcdefghij"[: len(values)]
    weights = weights or [1] * len(values)
    model = card([unit(name, weight) for name, weight in zip(names, weights)], **more)
    answers = {name: value for name, value in zip(names, values) if value is not None}
    return model, {"account": "acme", "answers": answers}
