"""Exact numbers: rationals for + - * /, decimals of 60 digits for roots, powers and logarithms.

A transcendental result is rounded once and goes on as a rational, so one number type runs through every formula.
"""

import math
from decimal import Context, Decimal, ROUND_HALF_EVEN
from fractions import Fraction
from functools import lru_cache

ZERO = Fraction(0)
ONE = Fraction(1)
HUNDRED = Fraction(100)

# 60 digits: 10 more than are ever compared, so that the last rounding of a chain cannot show.
CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999)

# Nested quotients multiply their denominators. Above LONG bits a number is rounded to a multiple of 2^-GRID, which moves
# it by less than 2^-400: nothing that is compared can see it.
LONG = 1600
GRID = 400


def exact(value):
    """The double (or whole number) as the rational it stands for."""
    return Fraction(value)


def shorten(x):
    """The same number, rounded to 2^-400 when its denominator has become long."""
    if x.denominator.bit_length() <= LONG:
        return x
    return Fraction(round(x * (1 << GRID)), 1 << GRID)


def decimal(x):
    """A rational as a decimal of 60 digits."""
    return CONTEXT.divide(Decimal(x.numerator), Decimal(x.denominator))


@lru_cache(maxsize=65536)
def ln(x):
    """The natural logarithm of a positive rational, as a decimal."""
    return CONTEXT.ln(decimal(x))


def exp(x):
    """e to the power of a decimal, as a rational."""
    return Fraction(CONTEXT.exp(x))


def sqrt(x):
    """The square root of a rational that is not negative."""
    return Fraction(CONTEXT.sqrt(decimal(x)))


def power(base, exponent):
    """A positive rational to a rational power; whole powers stay exact."""
    if exponent.denominator == 1:
        return base ** exponent.numerator
    return exp(CONTEXT.multiply(decimal(exponent), ln(base)))


@lru_cache(maxsize=65536)
def half_life(age, days):
    """2^(-age/days); 0 where no double is left, which is at 2^-1075 and below."""
    if age >= 1075 * days:
        return ZERO
    if age % days == 0:
        return Fraction(1, 1 << (age // days))
    return power(Fraction(2), Fraction(-age, days))


def clamp(x):
    """x, or the nearer end of 0..1."""
    return ZERO if x < 0 else ONE if x > 1 else x


def half_away(x):
    """The nearest whole number, halves away from zero."""
    whole = math.floor(abs(x) + Fraction(1, 2))
    return whole if x >= 0 else -whole


def shortest(number):
    """A double in its shortest decimal form without exponent: -99, 0.1, 10000000000000000."""
    text = format(Decimal(repr(float(number))), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def total(terms):
    """The sum of rationals, 0 for none."""
    out = ZERO
    for term in terms:
        out += term
    return out
