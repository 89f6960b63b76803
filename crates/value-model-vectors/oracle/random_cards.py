"""Random scorecards with random records, for differential tests."""

import json
import random
from datetime import timedelta

from . import random_values as values
from .random_values import AS_OF

# A scorecard stops growing at about this many measures.
MEASURES = 14


def write(count, seed, path):
    """Writes `count` cases as NDJSON; the same seed gives the same file."""
    with open(path, "w", encoding="utf-8") as out:
        for index in range(count):
            case = Case(random.Random(f"{seed}/{index}")).build()
            out.write(json.dumps(case, separators=(",", ":")) + "\n")


class Case:
    """One scorecard and one record."""

    def __init__(self, rng):
        self.rng = rng
        self.measures = []
        self.groups = 0
        # At most one group refuses missing children, so that only one refusal is right.
        self.fails = 0
        # A case with a deliberate error has no other source of one.
        self.broken = rng.random() < 0.04

    def chance(self, share):
        """True with this probability."""
        return self.rng.random() < share

    def build(self):
        """The case as it stands on one line of the file."""
        tree = self.group(self.rng.randint(1, 5))
        model = {"schema": "value-model/1", "id": "random", "version": "1", "title": "Random", "tree": tree}
        self.model_rules(model)
        return {"model": model, "record": self.record(model), "as_of": AS_OF.isoformat()}

    def weight(self):
        """Powers of two, short decimals, any double, zero."""
        rng = self.rng
        return rng.choice(
            [1, 1, 2.0 ** rng.randint(-4, 4), round(rng.uniform(0.01, 5), 2), rng.randint(1, 40), 0, rng.random()]
        )

    def group(self, depth):
        """A group with everything below it."""
        rng = self.rng
        self.groups += 1
        out = {"id": f"g{self.groups}", "children": []}
        for _ in range(rng.randint(1, 5)):
            deeper = depth > 1 and self.chance(0.45) and len(self.measures) < MEASURES
            child = self.group(depth - 1) if deeper else self.measure()
            if self.chance(0.7):
                child["weight"] = self.weight()
            out["children"].append(child)
        if all(child.get("weight") == 0 for child in out["children"]):
            out["children"][0]["weight"] = 1
        self.options(out)
        return out

    def options(self, group):
        """How a group aggregates, and what it does without answers."""
        rng, children = self.rng, group["children"]
        kind = rng.choice(["mean"] * 5 + ["geometric", "harmonic", "min", "max", "headroom"])
        if kind == "headroom" and len(children) > 1:
            self.uplift(group)
        elif kind not in ("mean", "headroom"):
            group["aggregator"] = kind
        if self.chance(0.5):
            group["missing"] = rng.choice(["zero", "renormalise", {"neutral": values.unit(rng)}])
        elif self.chance(0.04) and not self.broken and not self.fails:
            group["missing"] = "fail"
            self.fails = 1
        if self.chance(0.6):
            group["min_coverage"] = rng.choice([0, 0, 0, 0.25, 1, round(rng.random(), 2)])
        if self.chance(0.15):
            group["require"] = [rng.choice(children)["id"]]
        if self.chance(0.1):
            group["polarity"] = "cost"

    def uplift(self, group):
        """Turns some children into uplift, the others into a base of positive weight."""
        children = group["children"]
        count = self.rng.randint(1, len(children) - 1)
        for child in children[:count]:
            child["weight"] = self.rng.choice([0.25, 0.125, 0.1, 0.2, 0.07, 0])
        children[-1]["weight"] = self.rng.choice([1, 0.5, 3])
        group["aggregator"] = {"headroom": {"uplift": [child["id"] for child in children[:count]]}}

    def evidence(self):
        """A rule about sources."""
        grades = {"unstated": 0.25, "vendor_asserted": 0, "customer_provided": 0.5}
        grades.update({"validated_with_persona": 1, "measured": round(self.rng.uniform(0.1, 1), 2)})
        return self.rng.choice(["any", "any", "any", "customer_backed", {"graded": grades}])

    def recency(self):
        """A rule about age."""
        window = self.rng.choice([{}, {"days": 30}, {"days": 180}])
        half = {"days": self.rng.choice([1, 30, 90, 365])}
        return self.rng.choice(["none", "none", {"window": window}, {"half_life": half}])

    def measure(self):
        """A leaf."""
        out = {"id": f"m{len(self.measures) + 1}", "scale": values.scale(self.rng)}
        if self.chance(0.2):
            out["reverse"] = True
        if self.chance(0.1):
            out["evidence"] = self.evidence()
        if self.chance(0.1):
            out["recency"] = self.recency()
        if self.chance(0.2):
            out["effort"] = self.rng.choice([1, 2.5, 10])
        self.measures.append(out)
        return out

    def model_rules(self, model):
        """What a model says beside its tree."""
        rng = self.rng
        if self.chance(0.6):
            model["evidence"] = self.evidence()
        if self.chance(0.6):
            model["recency"] = self.recency()
        if self.chance(0.3):
            model["persona_weights"] = {name: rng.choice([1, 2, 0.3]) for name in values.PERSONAS[:2]}
        if self.chance(0.5):
            model["missing_codes"] = {"-99": rng.choice(values.MISSING), "N/A": "not_applicable", "?": "no_data"}
        if self.chance(0.3):
            model["rules"] = [self.rule(index) for index in range(rng.randint(1, 3))]
        if self.chance(0.5):
            cuts = sorted(rng.sample([10, 25, 40, 50, 62.5, 67.5, 75, 80, 90], rng.randint(1, 4)))
            names = [f"b{index}" for index in range(len(cuts) + 1)]
            model["bands"] = {"cuts": cuts, "names": names, "edge": rng.choice(["above", "gainsight", "churnzero"])}

    def rule(self, index):
        """A rule on any measure."""
        name = self.rng.choice(["below", "above", "equals", "missing"])
        when = {"measure": self.rng.choice(self.measures)["id"]}
        if name != "missing":
            when["unit"] = values.unit(self.rng)
        action = self.rng.choice(["cap", "floor", "set"])
        return {"id": f"r{index}", "when": {name: when}, "then": {action: values.unit(self.rng)}}

    def record(self, model):
        """The answers of one account."""
        rng = self.rng
        sparse = rng.choice([0.0, 0.1, 0.3, 0.8])
        answers = {}
        for measure in self.measures:
            if not self.chance(sparse):
                answers[measure["id"]] = self.answers(measure, model)
        late_override = self.broken and self.chance(0.1)
        if self.broken and not late_override:
            victim = rng.choice(self.measures)
            answers[victim["id"]] = values.invalid(rng, victim["scale"])
        out = {"account": "acme", "answers": answers}
        if self.chance(0.4):
            out["default_source"] = rng.choice(values.SOURCES)
        if self.chance(0.1):
            out["default_persona"] = rng.choice(values.PERSONAS)
        if self.chance(0.3):
            out["default_on"] = values.day(rng)
        if late_override or self.chance(0.08):
            out["override"] = self.override(late_override)
        return out

    def answers(self, measure, model):
        """One answer, or several people's."""
        if self.chance(0.15):
            return [self.answer(measure, model) for _ in range(self.rng.randint(1, 4))]
        return self.answer(measure, model)

    def answer(self, measure, model):
        """One answer in any of its forms."""
        rng = self.rng
        if self.chance(0.12):
            return rng.choice([None, {"missing": "not_applicable"}, {"missing": rng.choice(values.MISSING)}])
        if model.get("missing_codes") and self.chance(0.08):
            return rng.choice([-99, "N/A", "?", "-99"])
        out = values.value(rng, measure["scale"])
        if self.chance(0.5):
            out["source"] = rng.choice(values.SOURCES)
        if self.chance(0.3):
            out["persona"] = rng.choice(values.PERSONAS)
        if self.chance(0.5):
            out["on"] = values.day(rng)
        return out["value"] if set(out) == {"value"} and self.chance(0.7) else out

    def override(self, late):
        """A person's judgement, of today or of long ago; a late one is refused."""
        rng = self.rng
        made = AS_OF - timedelta(days=-1 if late else rng.choice([0, 5, 10, 30, 31, 90, 91]))
        out = {"score": values.number(rng, 0, 100), "reason": "met them", "author": "kim", "made_on": made.isoformat()}
        if self.chance(0.4):
            out["expires_on"] = (made + timedelta(days=rng.choice([0, 20, 200]))).isoformat()
        return out
