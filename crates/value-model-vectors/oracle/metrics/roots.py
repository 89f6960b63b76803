"""Every rate at which flows are worth nothing, by exclusion of intervals.

With s = -ln(1 + r) the present value is f(s) = sum a_i exp(e_i s). On an interval every term lies between its values at the
ends, so f does too: where that range excludes 0 there is no root. Where the same holds for the derivative of
exp(-e s) f(s), for some exponent e, there is at most one, which bisection finds. Every other interval is halved. An
interval that stays undecided below 1e-25 holds a double root.
"""

from decimal import Decimal
from fractions import Fraction

from ..errors import Refused
from ..numbers import CONTEXT, decimal

# 1 + r from 2^-53 to 2^1000: every rate that a double can tell from -1.
LOW, HIGH = Decimal("-693.2"), Decimal("36.8")
NARROW = Decimal("1e-25")
ENOUGH = Decimal("1e-45")
MOST_TERMS, MOST_CHANGES = 1000, 250


def rates(flows):
    """`irr`, `reason` and `roots` of (exponent, amount) flows, in rising exponents."""
    terms = [(exponent, amount) for exponent, amount in flows if amount]
    changes = [
        left[0] for left, right in zip(terms, terms[1:]) if (left[1] > 0) != (right[1] > 0)
    ]
    if len(terms) > MOST_TERMS or len(changes) > MOST_CHANGES:
        raise Refused("limit", "flows")
    if not changes:
        return {"irr": None, "reason": "no_sign_change", "roots": []}
    curve = [(decimal(exponent), decimal(amount)) for exponent, amount in terms]
    pivots = [decimal(exponent) for exponent in changes]
    found = []
    _search(curve, pivots, LOW, HIGH, found)
    roots = sorted(Fraction(CONTEXT.exp(-s)) - 1 for s in found)
    reason = None if len(roots) == 1 else "several_roots" if roots else "no_root"
    return {"irr": roots[0] if len(roots) == 1 else None, "reason": reason, "roots": roots}


def _range(curve, low, high):
    """Numbers between which a sum of exponentials lies on an interval."""
    least = most = Decimal(0)
    for exponent, factor in curve:
        ends = [CONTEXT.multiply(factor, CONTEXT.exp(CONTEXT.multiply(exponent, s))) for s in (low, high)]
        least = CONTEXT.add(least, min(ends))
        most = CONTEXT.add(most, max(ends))
    return least, most


def _derivative(curve, pivot):
    """exp(-pivot s) f(s), differentiated."""
    out = []
    for exponent, factor in curve:
        gap = CONTEXT.subtract(exponent, pivot)
        out.append((gap, CONTEXT.multiply(factor, gap)))
    return out


def _search(curve, pivots, low, high, found):
    pending = [(low, high)]
    while pending:
        low, high = pending.pop()
        least, most = _range(curve, low, high)
        if least > 0 or most < 0:
            continue
        if _monotone(curve, pivots, low, high):
            _bisect(curve, low, high, found)
        elif high - low < NARROW:
            _double(low, found)
        else:
            middle = (low + high) / 2
            pending += [(low, middle), (middle, high)]


def _monotone(curve, pivots, low, high):
    for pivot in [Decimal(0), *pivots]:
        least, most = _range(_derivative(curve, pivot), low, high)
        if least > 0 or most < 0:
            return True
    return _one_sign(curve, pivots)


def _one_sign(curve, pivots):
    """With one change of sign the derivative at that pivot has terms of one sign only."""
    return len(pivots) == 1


def _value(curve, s):
    return _range(curve, s, s)[0]


def _bisect(curve, low, high, found):
    left, right = _value(curve, low), _value(curve, high)
    if left == 0 or (left > 0) == (right > 0):
        if left == 0:
            _double(low, found)
        return
    while high - low > ENOUGH * max(1, abs(low)):
        middle = CONTEXT.divide(CONTEXT.add(low, high), Decimal(2))
        if (_value(curve, middle) > 0) == (left > 0):
            low = middle
        else:
            high = middle
    _double(low, found)


def _double(s, found):
    """Notes a root once, also where two intervals meet at it."""
    if all(abs(s - other) > 2 * NARROW for other in found):
        found.append(s)
