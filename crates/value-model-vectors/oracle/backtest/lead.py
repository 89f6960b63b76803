"""The lead curve: AUC of what was known so many days before."""

from fractions import Fraction

from ..dates import days
from ..errors import Refused
from ..inputs import name
from ..shapes import choice, count, day, flag, listed, number, record, taking, text
from ..tolerance import functions
from .ranking import auc_of, rankable

USUAL = [0, 30, 60, 90, 180]


def lead_curve(given):
    """One AUC per lead."""
    leads = sorted(USUAL if given.get("leads") is None else given["leads"])
    if not leads:
        raise Refused("empty", "leads")
    if len(set(leads)) < len(leads):
        raise Refused("duplicate", "leads")
    outcomes = _outcomes(given["outcomes"])
    last = {account: max(date for other, date in outcomes if other == account) for account, _ in outcomes}
    scores, later = _scores(given, last)
    found = [
        (kept, [_known(scores.get(account, {}), date - lead, given.get("max_age")) for lead in leads])
        for (account, date), kept in sorted(outcomes.items(), key=lambda pair: (pair[0][0].encode(), pair[0][1]))
    ]
    if given.get("same_accounts"):
        found = [pair for pair in found if None not in pair[1]]
    unknown = sorted((account for account in last if account not in scores), key=str.encode)
    return {
        "points": [_point(lead, [(kept, known[place]) for kept, known in found]) for place, lead in enumerate(leads)],
        "unknown_accounts": len(unknown),
        "unknown": unknown[:10],
        "without_outcome": sum(account not in last for account in scores),
        "later_scores": later,
    }


def _outcomes(rows):
    out = {}
    for index, row in enumerate(rows):
        name(row["account"], f"outcomes[{index}].account")
        key = row["account"], days(row["on"], "")
        if key in out:
            raise Refused("duplicate", "outcomes")
        out[key] = row["kept"]
    return out


def _scores(given, last):
    scores, later = {}, 0
    for index, row in enumerate(given["scores"]):
        field = f"scores[{index}]"
        name(row["account"], f"{field}.account")
        key = None if row.get("score") is None else rankable(row["score"], f"{field}.score")
        date = days(row["as_of"], "")
        if row.get("inputs_on") is not None and days(row["inputs_on"], "") > date:
            raise Refused("after_as_of", f"{field}.inputs_on")
        of_account = scores.setdefault(row["account"], {})
        if date in of_account:
            raise Refused("duplicate", "scores")
        of_account[date] = key
        if date > last.get(row["account"], date):
            if given.get("later_scores") != "ignore":
                raise Refused("after_as_of", f"{field}.as_of")
            later += 1
    return scores, later


def _known(scores, asked, max_age):
    """The newest score up to a day and its age then."""
    before = [date for date in scores if date <= asked]
    if not before:
        return None
    date = max(before)
    if scores[date] is None or (max_age is not None and asked - date > max_age):
        return None
    return scores[date], asked - date


def _point(lead, pairs):
    known = [(kept, found) for kept, found in pairs if found is not None]
    ages = [age for _, (_, age) in known]
    return {
        "lead_days": lead,
        "auc": auc_of([key for _, (key, _) in known], [kept for kept, _ in known]),
        "without_score": len(pairs) - len(known),
        "mean_age_days": Fraction(sum(ages), len(ages)) if ages else None,
    }


SCORE = record({"account": text, "as_of": day}, {"score": number, "inputs_on": day})
OUTCOME = record({"account": text, "on": day, "kept": flag})
LEAD = record(
    {"scores": listed(SCORE), "outcomes": listed(OUTCOME)},
    {
        "leads": listed(count),
        "max_age": count,
        "same_accounts": flag,
        "later_scores": choice("refuse", "ignore"),
    },
)
FORMULAS = {"lead_curve": (taking(LEAD, lead_curve), lambda _: functions(scale=1.0))}
