"""Golden cases of the scorecard engine, against the oracle itself."""

import unittest

from oracle.scorecard import assess

from .cards import AS_OF, card, unit, units

INDICATORS = [1, 0.8, 1, 0.5, 0.75, 0]


def scored(model, record, as_of=AS_OF):
    """The assessment alone."""
    return assess(model, record, as_of)[0]


class Scorecard(unittest.TestCase):
    """C1 .. C20."""

    def near(self, value, expected, places=9):
        self.assertAlmostEqual(float(value), expected, delta=10.0**-places)

    def test_c1(self):
        got = scored(*units([0.47, 0.59, 0.21], [20, 15, 22]))
        self.near(got["score"], 40.12280701754386, 12)

    def test_c8(self):
        got = scored(*units(INDICATORS))
        for field in ("score", "lower", "upper"):
            self.near(got[field], 67.5, 12)
        self.assertEqual(got["coverage"], 1)

    def test_c9(self):
        got = scored(*units([1, None, 1, 0.5, 0.75, 0]))
        self.near(got["score"], 65)
        self.near(got["lower"], 54.16666667, 8)
        self.near(got["upper"], 70.83333333, 8)
        self.near(got["coverage"], 0.8333333333)

    def test_c10(self):
        got = scored(*units([1, 0.8, 1, 0.5, 0.75, None]))
        self.near(got["score"], 81)
        self.near(got["lower"], 67.5)
        self.near(got["upper"], 84.16666667, 8)

    def aggregated(self, kind, score, points):
        got = scored(*units([0.9, 0.6, 0.3], [2, 1, 1], tree={"aggregator": kind}))
        self.near(got["score"] / 100, score, 10)
        for entry, expected in zip(got["contributions"], points, strict=True):
            self.near(entry["points"] / 100, expected)
        self.near(sum(entry["points"] for entry in got["contributions"]), float(got["score"]), 12)

    def test_c11(self):
        self.aggregated("mean", 0.675, [0.45, 0.15, 0.075])

    def test_c12(self):
        self.aggregated("geometric", 0.6179301431721352, [0.3089650715860676] + [0.1544825357930338] * 2)

    def test_c13(self):
        self.aggregated("harmonic", 0.5538461538461539, [0.1704142012, 0.1278106509, 0.2556213018])

    def test_c15(self):
        model, record = units([0.9, 0.4, 0.5], recency={"half_life": {"days": 90}})
        for name, day in zip("abc", ["2026-11-01", "2026-08-03", "2026-05-05"]):
            record["answers"][name] = {"value": record["answers"][name], "on": day}
        got = scored(model, record)
        self.near(got["score"], 70)
        self.near(got["coverage"], 0.5833333333)

    def test_c19(self):
        model, record = units([0.5])
        self.assertEqual(scored(model, record)["band"], "watch")
        model["bands"] = {"cuts": [50, 75], "names": ["at_risk", "watch", "healthy"], "edge": "gainsight"}
        self.assertEqual(scored(model, record)["band"], "at_risk")

    def test_c20(self):
        rule = {"id": "low", "when": {"below": {"measure": "c", "unit": 0.2}}, "then": {"cap": 0.49}}
        got = scored(*units([0.9, 0.9, 0.1], [0.5, 0.3, 0.2], rules=[rule]))
        self.near(got["raw"], 74, 12)
        self.near(got["score"], 49, 12)
        self.assertEqual([fired["id"] for fired in got["rules"]], ["low"])

    def test_headroom_of_the_perceived_value_example(self):
        """S1-5 and S1-7."""
        model = card(
            [unit("rbo"), unit("vp"), unit("ve", 0.25), unit("vu", 0.25)],
            tree={"aggregator": {"headroom": {"uplift": ["ve", "vu"]}}, "require": ["rbo", "vp"]},
        )
        values = {"rbo": 0.46875, "vp": 0.65, "ve": 0.6123724356957945, "vu": 0.625}
        got = scored(model, {"account": "a", "answers": values})
        self.near(got["score"], 69.56793073696149, 12)
        points = [23.4375, 32.5, 6.745665111961487, 6.884765625]
        for entry, expected in zip(got["contributions"], points, strict=True):
            self.near(entry["points"], expected, 12)
        full = scored(model, {"account": "a", "answers": {"rbo": 1, "vp": 1, "ve": 0, "vu": 0}})
        self.assertEqual(full["score"], 100)


if __name__ == "__main__":
    unittest.main()
