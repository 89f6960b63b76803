"""Golden cases of the metrics, against the oracle itself."""

import unittest

from oracle.metrics import FORMULAS

from .cards import AS_OF

BENEFITS = [0, 1606511, 3061331, 4229760]
COSTS = [53150, 666715, 636772, 647783]


def run(name, **given):
    """The result of one formula."""
    return FORMULAS[name][0](given)


class Metrics(unittest.TestCase):
    """The cases by id."""

    def near(self, value, expected, relative=1e-12):
        self.assertAlmostEqual(float(value), expected, delta=abs(expected) * relative + 1e-300)

    def test_s1_8(self):
        found = [run("opportunity", importance=i, satisfaction=s) for i, s in ((9, 4), (8, 9), (6, 2))]
        self.assertEqual([need["opportunity"] for need in found], [14, 8, 10])
        self.assertEqual([need["underserved"] for need in found], [True, False, False])

    def test_s3_1(self):
        got = run("roi", rate=0.1, benefits=BENEFITS, costs=COSTS)
        self.near(got["pv_benefits"], 7168371.457550712)
        self.near(got["pv_costs"], 1672201.3523666414)
        self.near(got["npv"], 5496170.105184071)
        self.near(got["roi"], 3.2867872624342898)
        # S3-3
        self.near(got["score"], 81.0849207588589)

    def test_s3_1_irr(self):
        flows = [benefit - cost for benefit, cost in zip(BENEFITS, COSTS)]
        got = run("irr", flows=flows)
        self.near(got["irr"], 19.116190671708047)

    def test_s3_2(self):
        flows = [benefit - cost for benefit, cost in zip(BENEFITS, COSTS)]
        self.near(run("npv", rate=0.1, flows=flows, convention="spreadsheet")["npv"], 4996518.277440064)

    def test_s3_5(self):
        got = run("irr", flows=[-1000, 2500, -1540])
        self.assertEqual((got["irr"], got["reason"]), (None, "several_roots"))
        self.near(got["roots"][0], 0.1)
        self.near(got["roots"][1], 0.4)

    def test_double_root(self):
        got = run("irr", flows=[-1000, 2200, -1210])
        self.assertEqual(got["reason"], None)
        self.near(got["irr"], 0.1)

    def test_no_root(self):
        self.assertEqual(run("irr", flows=[100, -150, 100])["reason"], "no_root")

    def test_s3_7(self):
        got = run("nps", promoters=55, passives=30, detractors=15)
        self.assertEqual(got["nps"], 40)
        self.near(got["wald"]["low"], 25.5972649709, 1e-10)
        self.near(got["wald"]["high"], 54.4027350291, 1e-10)
        self.near(got["adjusted_wald"]["low"], 24.5994399823, 1e-10)
        self.near(got["adjusted_wald"]["high"], 53.0704629303, 1e-10)

    def test_s3_8(self):
        got = run("csat", satisfied=42, responses=50)
        self.near(got["share"], 0.84)
        self.near(got["interval"]["low"], 0.7148578394, 1e-9)
        self.near(got["interval"]["high"], 0.9166257932, 1e-9)

    def test_s3_9(self):
        counts = [80, 210, 140, 110, 160, 180, 120]
        found = [run("ces", counts=counts, variant=name)["value"] for name in ("mean7", "top3_7", "index")]
        for value, expected in zip(found, [4.08, 0.46, -13]):
            self.near(value, expected)

    def test_s5_4(self):
        got = run(
            "staffing",
            accounts=[{"id": "a", "accounts": 40, "hours": 67.5}],
            events=[{"id": "b", "events": 150, "hours": 24}, {"id": "c", "events": 800, "hours": 3}],
            paid_hours=1800,
            admin_share=0.35,
        )
        self.near(got["hours"], 8700)
        self.near(got["capacity"], 994.5)
        self.near(got["fte"], 8.74811463046757)
        self.assertEqual(got["heads"], 9)

    def test_s5_6(self):
        got = run(
            "erlang_c",
            contacts=100,
            interval_minutes=30,
            handling_minutes=3,
            target_seconds=20,
            service_level=0.8,
            max_occupancy=0.85,
            shrinkage=0.3,
        )
        self.assertEqual((got["agents"], got["positions"]), (14, 20))
        self.near(got["waiting_probability"], 0.17413193359504991)
        self.near(got["service_level"], 0.8883500191794669)
        self.near(got["occupancy"], 0.7142857142857143)

    def test_s5_3(self):
        uses = [("call", 4000, 20, 16), ("webinar", 1200, 60, 30), ("in_app", 300, 100, 35)]
        channels = [dict(zip(("id", "cost", "delivered", "effective"), use)) for use in uses]
        got = run("channel_advice", channels=channels, required_effectiveness=0.5)
        costs = {channel["id"]: channel["cost_per_effective"] for channel in got["channels"]}
        self.near(costs["call"], 250)
        self.near(costs["webinar"], 40)
        self.near(costs["in_app"], 8.571428571428571)
        self.assertEqual(got["advice"], "call")

    def test_payback(self):
        got = run("payback", flows=[-100, 60, 80], rate=0.1)
        self.near(got["payback"], 1.5)
        self.assertEqual(run("payback", flows=[-100, 60])["reason"], "not_reached")

    def test_xirr(self):
        flows = [{"on": "2026-01-01", "amount": -100}, {"on": "2028-01-01", "amount": 121}]
        self.near(run("xirr", flows=flows)["irr"], 0.1)
        self.assertLess(abs(run("xnpv", rate=0.1, flows=flows)["xnpv"]), 1e-12)

    def test_pace(self):
        goal = {"baseline": 0, "target": 100, "current": 40, "start": "2026-10-22", "due": "2026-11-11"}
        got = run("pace", as_of=AS_OF, **goal)
        self.assertEqual((got["elapsed"], got["status"]), (0.5, "at_risk"))
        self.near(got["pace"], 0.8)

    def test_peer(self):
        self.assertEqual(run("peer", value=30, cohort=[10, 20, 30, 40])["unit"], 0.625)


if __name__ == "__main__":
    unittest.main()
