"""Golden cases of the comparisons, against the oracle itself."""

import unittest

from oracle.compare import FORMULAS

from .cards import AS_OF, units


def run(name, **given):
    """The result of one formula."""
    return FORMULAS[name][0](given)


def state(model, record):
    """One account as an input."""
    return {"model": model, "record": record, "as_of": AS_OF}


class Compare(unittest.TestCase):
    """The cases by id."""

    def near(self, value, expected, places=12):
        self.assertAlmostEqual(float(value), expected, places=places)

    def test_c14(self):
        model, before = units([0.8, 0.6, 0.4], [0.5, 0.3, 0.2])
        after = {"account": "acme", "answers": {"a": 0.7, "b": 0.6}}
        got = run("delta", before=state(model, before), after=state(model, after))
        self.near(got["before"], 66)
        self.near(got["after"], 66.25)
        self.near(got["behaviour"], -5.625)
        self.near(got["coverage"], 5.875)
        self.assertEqual((got["model"], got["override"], got["method"]), (0, 0, "bennet"))

    def test_c17(self):
        got = run("robustness", **state(*units([0.9, 0.6, 0.3], [2, 1, 1])))
        self.near(got["low"], 63)
        self.near(got["high"], 72)

    def test_c18(self):
        model, _ = units([0.5])
        rows = (120_000, 0.8), (30_000, 0.4), (50_000, 0.65)
        records = [
            {"account": f"a{arr}", "answers": {"a": unit}, "attributes": {"arr": arr}} for arr, unit in rows
        ]
        got = run("portfolio", model=model, records=records, as_of=AS_OF, revenue="arr")["total"]
        self.near(got["revenue_weighted_mean"], 70.25)
        self.near(got["mean"], 61.6666666667, 9)
        self.near(got["min"], 40)

    def test_effects_sum_to_the_change(self):
        model, before = units([0.8, None, 0.4, 0.9], [1, 2, 3, 4], tree={"aggregator": "geometric"})
        after = {"account": "acme", "answers": {"a": 0.2, "b": 0.6, "c": 1}}
        got = run("delta", before=state(model, before), after=state(model, after))
        self.assertEqual(got["method"], "rescored")
        effects = sum(got[name] for name in ("model", "behaviour", "coverage", "override"))
        self.near(got["change"] - effects, 0)


if __name__ == "__main__":
    unittest.main()
