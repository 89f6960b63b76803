"""Golden cases of back-tests, against the oracle itself."""

import unittest

from oracle.backtest import FORMULAS

SCORES = [90, 80, 70, 70, 60, 50, 40, 30]
RENEWED = [True, True, False, True, True, False, False, True]
REVENUE = [100, 50, 200, 50, 100, 300, 100, 100]


def run(name, **given):
    """The result of one formula."""
    return FORMULAS[name][0](given)


class BackTest(unittest.TestCase):
    """The golden case and what can be worked out by hand."""

    def test_golden_auc_and_revenue_weighted_auc(self):
        got = run("backtest", scores=SCORES, outcomes=RENEWED, revenue=REVENUE)
        self.assertAlmostEqual(float(got["auc"]["auc"]), 0.7, places=15)
        self.assertAlmostEqual(float(got["revenue_weighted_auc"]), 0.6458333333, places=10)

    def test_tenths_find_every_lost_account(self):
        rows = run("backtest", scores=SCORES, outcomes=RENEWED)["deciles"]
        self.assertEqual(sum(row["accounts"] for row in rows), 8)
        self.assertEqual(rows[-1]["gain"], 1)

    def test_a_curve_that_never_falls(self):
        got = run("calibrate", scores=[1, 2, 3, 4], outcomes=[False, True, False, True], method="isotonic")
        self.assertEqual([knot["likelihood"] for knot in got["curve"]["isotonic"]], [0, 0.5, 0.5, 1])

    def test_weights_of_a_lone_measure_are_one(self):
        measures = [{"id": "a", "units": [0.1, 0.4, 0.6, 0.9]}]
        got = run("suggest_weights", measures=measures, outcomes=[False, False, True, True], folds=2)
        self.assertEqual(got["measures"][0]["weight"], 1)


if __name__ == "__main__":
    unittest.main()
