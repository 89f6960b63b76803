"""Golden cases of customer value and the customer's metric, against the oracle itself."""

import unittest
from datetime import date, timedelta

from oracle.models import FORMULAS

from .cards import AS_OF

AMOUNTS = {
    "tangible_benefit": 120000,
    "perceived_benefit": 30000,
    "tangible_cost": 60000,
    "perceived_cost": 15000,
    "alternative_benefit": 40000,
}


def lines(amounts):
    """One proven line per kind, in euros a year."""
    common = {"currency": "EUR", "period": "year", "source": "measured", "method": "stated"}
    return [{"id": kind, "kind": kind, "amount": amount, **common} for kind, amount in amounts.items()]


def run(name, **given):
    """The result of one formula."""
    return FORMULAS[name][0](given)


class MoneyModels(unittest.TestCase):
    """The cases by id."""

    def near(self, value, expected, relative=1e-12):
        self.assertAlmostEqual(float(value), expected, delta=abs(expected) * relative)

    def test_s4_1(self):
        got = run("customer_value", lines=lines(AMOUNTS))
        self.assertEqual((got["gross"], got["net"], got["benefit_cost_ratio"]), (75000, 35000, 2))
        self.near(got["index"], 66.66666666666666)
        # S4-4
        self.near(got["break_even_haircut"], 0.2333333333333333)

    def test_s4_2(self):
        got = run("customer_value", lines=lines({**AMOUNTS, "alternative_cost": 25000}), alternative="net")
        self.assertEqual(got["net"], 60000)

    def test_s4_3(self):
        got = run("customer_value", lines=lines(AMOUNTS), risk={"benefits": 0.2, "costs": 0.1})
        self.near(got["risk_adjusted"]["gross"], 37500)
        self.near(got["risk_adjusted"]["net"], -2500)

    def test_s4_9(self):
        known = {kind: amount for kind, amount in AMOUNTS.items() if kind != "perceived_benefit"}
        got = run("customer_value", lines=lines(known))
        self.assertTrue(got["partial"])
        self.assertEqual((got["missing_kinds"], got["gross"]), (["perceived_benefit"], 45000))

    def test_s4_5(self):
        rows = []
        for index, (csm, net, arr) in enumerate([("x", 35, 120), ("x", -5, 30), ("y", 12, 50)]):
            amounts = {"tangible_benefit": 100000, "tangible_cost": 100000 - net * 1000}
            value = {"lines": lines(amounts), "arr": arr * 1000}
            rows.append({"customer": f"c{index}", "csm": csm, "input": value})
        got = run("customer_value_portfolio", rows=rows, by=["csm", "all"])["rows"]
        self.assertEqual([row["sum"] for row in got], [30000, 12000, 42000])
        for row, expected in zip(got, (0.20, 0.24, 0.21), strict=True):
            self.near(row["net_per_arr"], expected)

    def test_s5_1(self):
        needed = date.fromisoformat(AS_OF) - timedelta(days=20)
        needs = []
        for index, (seen, late, effect) in enumerate([(1, 0, 1), (1, -5, 1), (0, 2, 1), (1, 6, 1), (1, 0, 0)]):
            delivered = (needed + timedelta(days=late)).isoformat()
            need = {"id": f"n{index}", "anticipated": bool(seen), "needed_on": needed.isoformat()}
            needs.append({**need, "delivered_on": delivered, "effective": effect})
        got = run("customers_metric", as_of=AS_OF, needs=needs)
        self.near(got["anticipated"]["share"], 0.8)
        self.near(got["timeliness"], 0.84)
        self.near(got["effectiveness"]["mean"], 0.8)
        self.near(got["score"], 48)


if __name__ == "__main__":
    unittest.main()
