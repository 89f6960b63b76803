"""Money: one currency and one period, and sums to the ten-thousandth."""

from fractions import Fraction

from ..errors import Refused
from ..inputs import computed, finite
from ..numbers import exact, half_away
from ..shapes import choice, currency, flag, mapping, number, record, taking
from ..tolerance import operations

PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
TEN_THOUSAND = 10_000


class Basis:
    """The currency and period of a calculation, and how others are brought to it."""

    def __init__(self, currency, period, rates=None, annualise=False):
        self.currency, self.period = currency, period
        self.rates, self.annualise = rates or {}, annualise
        for name, rate in sorted(self.rates.items()):
            finite(self.rates, name, path=f"rates.{name}")
            if rate <= 0:
                raise Refused("out_of_range", f"rates.{name}")
            if name == currency and rate != 1:
                raise Refused("conflict", f"rates.{name}")

    def amount(self, amount, currency, period, path=""):
        """An amount in the basis."""
        dot = path + "." if path else ""
        return amount * self._rate(currency, f"{dot}currency") * self._periods(period, f"{dot}period")

    def _rate(self, currency, field):
        if currency == self.currency:
            return Fraction(1)
        if currency not in self.rates:
            raise Refused("currency", field)
        return exact(self.rates[currency])

    def _periods(self, period, field):
        if period == self.period:
            return Fraction(1)
        if not self.annualise or "one_time" in (period, self.period):
            raise Refused("period", field)
        return Fraction(PER_YEAR[period], PER_YEAR[self.period])


def convert(given):
    """One amount in another currency or period."""
    amount = finite(given, "amount")
    basis = Basis(given["to_currency"], given["to_period"], given.get("rates"), given.get("annualise", False))
    return {"amount": computed(basis.amount(amount, given["currency"], given["period"]), "amount")}


def ten_thousandths(amount):
    """The whole number of ten-thousandths nearest to an amount, as sums add them."""
    return half_away(amount * TEN_THOUSAND)


def rounded(amount):
    """The amount as a sum adds it."""
    return Fraction(ten_thousandths(amount), TEN_THOUSAND)


PERIOD = choice(*PER_YEAR, "one_time")
RATES = mapping(number, key=currency)
CONVERT = record(
    {"amount": number, "currency": currency, "period": PERIOD, "to_currency": currency, "to_period": PERIOD},
    {"rates": RATES, "annualise": flag},
)

FORMULAS = {"convert": (taking(CONVERT, convert), lambda _: operations(6))}
