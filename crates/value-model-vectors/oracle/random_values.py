"""Random scales, and random answers that fit them."""

from datetime import date, timedelta

AS_OF = date(2026, 11, 1)
SOURCES = ["vendor_asserted", "customer_provided", "validated_with_persona", "measured"]
PERSONAS = ["executive", "admin", "user"]
MISSING = ["no_data", "not_applicable", "stale", "unvalidated"]


def day(rng, oldest=400):
    """A date at or before the scoring date."""
    return (AS_OF - timedelta(days=rng.choice([0, 1, 30, 89, 90, 91, 180, rng.randrange(oldest)]))).isoformat()


def unit(rng):
    """A unit; the ends and short decimals come often."""
    return rng.choice([0, 1, 0.5, round(rng.random(), 1), round(rng.random(), 2), rng.random()])


def number(rng, low, high):
    """A number between two ends; often an end itself or a short decimal."""
    x = low + (high - low) * rng.random()
    return rng.choice([low, high, round(x, 1), round(x, 3), x])


def scale(rng):
    """A random scale as it stands in a document."""
    return rng.choice(SCALES)(rng)


def _plain(name):
    return lambda rng: name


def _likert(rng):
    low = rng.choice([0, 1])
    return {"likert": {"min": low, "max": low + rng.choice([1, 4, 6, 10])}}


def _levels(rng):
    levels = {name: unit(rng) for name in ("none", "some", "full")}
    levels.update({"2048": 0.25, "off": "not_applicable"})
    return {"levels": levels}


def _ends(rng):
    worst = rng.choice([0, 10, -5, 0.25, round(rng.uniform(-50, 50), 2)])
    return worst, worst + rng.choice([1, -1]) * rng.choice([1, 10, 0.3, round(rng.uniform(0.1, 80), 2)])


def _linear(rng):
    worst, best = _ends(rng)
    return {rng.choice(["linear", "linear_bounded"]): {"worst": worst, "best": best}}


def _steps(rng):
    froms = sorted(rng.sample([0, 1, 2.5, 5, 10, 50, 90], rng.randint(1, 4)))
    return {"steps": {"below": unit(rng), "steps": [{"from": x, "unit": unit(rng)} for x in froms]}}


def _points(rng):
    ats = sorted(rng.sample([-1, 0, 1, 2.5, 5, 10, 50], rng.randint(1, 4)))
    return {"points": [{"at": x, "unit": unit(rng)} for x in ats]}


def _within(rng):
    return {"within": {"days": rng.choice([0, 30, 90])}}


def _progress(rng):
    baseline, target = _ends(rng)
    out = {"baseline": baseline, "target": target}
    if rng.random() < 0.25:
        out["tolerance"] = rng.choice([0, 0.5, 3])
    if rng.random() < 0.4:
        start = AS_OF - timedelta(days=rng.randint(-20, 300))
        due = start + timedelta(days=rng.randint(1, 500))
        return {"pace": {**out, "start": start.isoformat(), "due": due.isoformat()}}
    return {"progress": out}


def _peer(rng):
    return {"peer": {"cohort": [rng.choice([10, 20, 20.5, 30, 40]) for _ in range(rng.randint(1, 6))]}}


SCALES = [_plain("yes_no"), _plain("unit"), _plain("unit"), _plain("percent"), _plain("score"), _plain("growth")]
SCALES += [_likert, _levels, _linear, _steps, _points, _within, _progress, _peer]


def value(rng, scale):
    """A value that the scale accepts, and the `before` that growth needs."""
    name, p = (scale, None) if isinstance(scale, str) else next(iter(scale.items()))
    if name == "growth":
        return {"value": number(rng, 0, 200), "before": rng.choice([50, 0.1, 120])}
    return {"value": VALUES[name](rng, p)}


def _around(rng, low, high):
    gap = (high - low) / 3
    return number(rng, low, high) if rng.random() < 0.7 else number(rng, low - gap, high + gap)


VALUES = {
    "yes_no": lambda rng, p: rng.choice([True, False, "yes", "no", "true", "false", 0, 1]),
    "unit": lambda rng, p: unit(rng),
    "percent": lambda rng, p: number(rng, 0, 100),
    "score": lambda rng, p: number(rng, 0, 100),
    "likert": lambda rng, p: rng.randint(p["min"], p["max"]),
    "levels": lambda rng, p: rng.choice(["none", "some", "full", "off", "2048", 2048]),
    "linear": lambda rng, p: _around(rng, p["worst"], p["best"]),
    "linear_bounded": lambda rng, p: _around(rng, p["worst"], p["best"]),
    "steps": lambda rng, p: _around(rng, -1, 100),
    "points": lambda rng, p: _around(rng, -1, 50),
    "within": lambda rng, p: day(rng),
    "progress": lambda rng, p: _around(rng, p["baseline"], p["target"]),
    "pace": lambda rng, p: _around(rng, p["baseline"], p["target"]),
    "peer": lambda rng, p: rng.choice([5, 10, 20, 20.5, 25, 30, 40, 99]),
}


def invalid(rng, scale):
    """An answer that the scale, or the calendar, refuses."""
    kind = scale if isinstance(scale, str) else next(iter(scale))
    late = {**value(rng, scale), "on": "2026-11-02"}
    if kind == "within":
        return rng.choice([late, "2026-11-02"])
    if kind == "growth":
        return rng.choice([late, {"value": 3}, {"value": 3, "before": 0}, {"value": -1, "before": 2}])
    if kind in ("yes_no", "unit", "percent", "score", "likert", "levels"):
        return rng.choice([late, -1, 100.5, "nonsense"])
    return rng.choice([late, "nonsense", True])
