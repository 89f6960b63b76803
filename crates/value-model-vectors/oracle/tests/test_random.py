"""What must hold for every scorecard, on random ones: the oracle and the generator check each other."""

import random
import unittest
from fractions import Fraction

from oracle.errors import Refused
from oracle.random_cards import Case
from oracle.scorecard import assess

CASES = 300
TINY = Fraction(1, 10**50)


class Properties(unittest.TestCase):
    """Sums and bounds, exactly."""

    def assessments(self):
        for index in range(CASES):
            case = Case(random.Random(f"properties/{index}")).build()
            try:
                yield case, assess(case["model"], case["record"], case["as_of"])[0]
            except Refused:
                continue

    def test_contributions_sum_to_the_score(self):
        seen = 0
        for _, got in self.assessments():
            if got["score"] is not None:
                seen += 1
                gap = got["score"] - sum(entry["points"] for entry in got["contributions"])
                self.assertLess(abs(gap), TINY)
        self.assertGreater(seen, CASES // 4)

    def test_bounds_are_in_order(self):
        for _, got in self.assessments():
            self.assertLessEqual(0, got["lower"])
            self.assertLessEqual(got["lower"], got["upper"])
            self.assertLessEqual(got["upper"], 100)
            self.assertTrue(0 <= got["coverage"] <= 1 + TINY)

    def test_the_score_lies_within_its_bounds(self):
        """Unless a group below is insufficient: its score is left out of its parent's, its bounds are not."""
        for case, got in self.assessments():
            whole = all(group["outcome"] != "insufficient" for group in got["groups"])
            if got["score"] is not None and whole and not case["model"].get("rules"):
                self.assertLessEqual(got["lower"], got["score"] + TINY)
                self.assertLessEqual(got["score"], got["upper"] + TINY)


if __name__ == "__main__":
    unittest.main()
