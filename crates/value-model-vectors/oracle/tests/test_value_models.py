"""Golden cases of perceived value, value realization and value generated, against the oracle itself."""

import unittest

from oracle.errors import Refused
from oracle.models import FORMULAS

from .cards import AS_OF

SAID = {"source": "customer_provided"}


def run(name, **given):
    """The result of one formula."""
    return FORMULAS[name][0]({"as_of": AS_OF, **given})


def outcome(name, weight, values, source):
    """An outcome that the customer can point at and explain; values are baseline, current, target."""
    given = dict(zip(("baseline", "current", "target"), values))
    return {"id": name, "weight": weight, **given, "source": source, "tangible": True, "explainable": True}


def responses(**ratings):
    """One answer per persona."""
    return [{"value": value, "persona": persona, **SAID} for persona, value in ratings.items()]


PERCEIVED = {
    "outcomes": [
        outcome("a", 3, (100, 70, 60), "validated_with_persona"),
        outcome("b", 2, (0.4, 0.7, 0.8), "customer_provided"),
        outcome("c", 1, (10, 9, 20), "validated_with_persona"),
        outcome("d", 2, (0, 50, 100), "vendor_asserted"),
    ],
    "intended_values": [
        {"id": "a", "importance": 3, "responses": responses(exec=4, admin=5, user=3)},
        {"id": "b", "importance": 2, "responses": responses(exec=2, admin=4)},
    ],
    "expansion": [{"persona": "exec", "potential": 4, "openness": 3, **SAID}],
    "planned_areas": [{"id": f"p{v}", "value": v, **SAID} for v in (0.7, 0.6, 0.5, 0.2)],
    "new_areas": [{"id": f"n{v}", "value": v, **SAID} for v in (0.5, 0.25)],
}
INDICATORS = {
    "executive_confirmation": "2026-10-01",
    "full_usage": 0.8,
    "goals_documented": True,
    "metrics_documented": 0.5,
    "metrics_progressing": 0.75,
    "reviewed_internally": "2026-01-01",
}
BURDENS = ("experience", "financial", "change_management", "emotional", "learning", "opportunity")
COSTS = {"costs": dict(zip(BURDENS, (2, 4, 3, 1, 2, 3))), "burden_scale": {"likert": {"min": 1, "max": 5}}}


class ValueModels(unittest.TestCase):
    """The cases by id."""

    def near(self, value, expected, places=10):
        self.assertAlmostEqual(float(value), expected, places=places)

    def test_s1(self):
        got = run("perceived_value", **PERCEIVED)
        # S1-1
        self.near(got["rbo"]["score"], 46.875)
        self.near(got["rbo"]["upper"], 71.875)
        self.near(got["rbo"]["coverage"], 0.75)
        self.assertEqual([entry["regressed"] for entry in got["outcomes"]], [False, False, True, False])
        # S1-2
        self.near(got["vp"]["score"], 65)
        for persona, mean in {"exec": 0.55, "admin": 0.9, "user": 0.5}.items():
            self.near(got["personas"][persona], mean)
        # S1-3, S1-4
        self.near(got["ve"]["score"], 61.23724356957945)
        self.near(got["vu"]["score"], 62.5)
        self.near(got["unplanned_share"], 27.272727272727273)
        # S1-5
        self.near(got["score"], 69.56793073696149)
        points = 23.4375, 32.5, 6.745665111961487, 6.884765625
        for name, expected in zip(("rbo", "vp", "ve", "vu"), points):
            self.near(got[name]["points"], expected)
        self.near(got["gap"], 18.125)
        self.near(run("perceived_value", combine="mean", **PERCEIVED)["score"], 58.903060892394855)

    def test_s2_1_to_3(self):
        got = run("value_realization", indicators=INDICATORS, **COSTS)
        for name, expected in {"pvs": 67.5, "pcs": 37.5}.items():
            self.near(got[name]["score"], expected)
        found = {"score": 65, "difference": 30, "ratio": 1.8, "share": 64.28571428571429}
        for name, expected in found.items():
            self.near(got[name], expected)
        self.near(run("value_realization", indicators=INDICATORS, value_weight=0.6, **COSTS)["score"], 65.5)

    def test_s2_4_and_5(self):
        known = {name: answer for name, answer in INDICATORS.items() if name != "full_usage"}
        got = run("value_realization", indicators=known, **COSTS)
        self.near(got["pvs"]["score"], 65)
        self.near(got["pvs"]["lower"], 54.1666666667)
        self.near(got["pvs"]["upper"], 70.8333333333)
        self.near(got["score"], 63.75)
        self.near(got["lower"], 58.3333333333)
        self.near(got["upper"], 66.6666666667)
        other = run("value_realization", indicators=INDICATORS, alternative={"pvs": 50, "pcs": 70}, **COSTS)
        self.near(other["relative"], 25)

    def test_s2_7(self):
        for said, unit in (("2026-08-02", 0), ("2026-08-03", 1)):
            got = run("value_realization", indicators={"executive_confirmation": said})
            self.assertEqual(got["measures"][0]["unit"], unit)
        with self.assertRaises(Refused):
            run("value_realization", indicators={"executive_confirmation": "2026-11-02"})

    def test_s3_10_to_13(self):
        kpi = {"baseline": 0, "target": 100, "unit": "h", "due": "2027-01-01", "feasible": True}
        kpis = [
            {"id": name, "weight": weight, "current": current, **kpi}
            for name, weight, current in (("a", 2, 75), ("b", 1, 75), ("c", 1, -5))
        ]
        outcomes = {"revenue": 1.08, "tenure": 30, "advocacy": 2, "cost_to_serve": 0.12}
        benefits, costs = [0, 1606511, 3061331, 4229760], [53150, 666715, 636772, 647783]
        got = run(
            "value_generated",
            business_value={"rate": 0.1, "flows": {"plain": {"benefits": benefits, "costs": costs}}},
            experience_value={
                "nps": {"promoters": 55, "passives": 30, "detractors": 15},
                "csat": {"satisfied": 42, "responses": 50},
                "ces": {"counts": [80, 210, 140, 110, 160, 180, 120], "variant": "mean7"},
                "retention": 0.92,
            },
            performance_value={"kpis": kpis},
            business_outcomes={name: {"value": value} for name, value in outcomes.items()},
        )
        self.near(got["business_value"]["score"], 81.0849207588589)
        self.near(got["experience_value"]["score"], 74.33333333333333)
        self.near(got["performance_value"]["score"], 56.25)
        self.near(got["business_outcomes"]["score"], 64.58333333333333)
        self.near(got["outside_in"]["score"], 77.70912704609612)
        self.near(got["score"], 66.18082012647649)


if __name__ == "__main__":
    unittest.main()
