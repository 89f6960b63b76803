"""Comparisons at 9 decimals, and the few of them that rounding alone decides.

The product compares scores rounded to billionths of a point. Where the exact score lies within 1e-12 of a rounding tie, a
double may round either way and both answers are right. A `Ties` notes each such decision, so that a checker can ask
for the other outcome too.
"""

from fractions import Fraction

from .numbers import half_away

BILLION = 10**9
# 1e-12 of a point, in billionths.
NEAR = Fraction(1, 1000)
HALF = Fraction(1, 2)
# Two values this close may come out equal or different as doubles.
CLOSE = Fraction(1, 10**12)


class Ties:
    """The decisions of one run; `flips` is a bit mask of those to decide the other way."""

    def __init__(self, flips=0):
        self.flips = flips
        self.count = 0

    def decide(self, outcome, other):
        """`outcome`, or `other` where this tie is flipped; equal outcomes are no tie."""
        if outcome == other:
            return outcome
        flipped = self.flips >> self.count & 1
        self.count += 1
        return other if flipped else outcome

    def order(self, score, against):
        """-1, 0 or 1: how a score compares with another at 9 decimals."""
        if score == against:
            return 0
        left, left_other = billionths(score)
        right, right_other = billionths(against)
        return self.decide(_sign(left, right), _sign(left_other, right_other))

    def same(self, left, right):
        """Whether two computed values are one; undecided when they differ by less than 1e-12 or are equal by rounding."""
        equal = left == right
        if abs(left - right) > CLOSE:
            return False
        return self.decide(equal, not equal)


def billionths(score):
    """The score in billionths, and the other way it may round (the same number when there is none)."""
    scaled = score * BILLION
    near = half_away(scaled)
    gap = abs(scaled - near)
    if gap < HALF - NEAR:
        return near, near
    return near, near + (1 if scaled > near else -1)


def _sign(left, right):
    return (left > right) - (left < right)
