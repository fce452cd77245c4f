"""What chance alone would bring, and how sure a share is."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

SURE = 1.959964  # standard deviations on either side of the middle 95 % of a normal distribution
TAIL = 0.025  # what lies beyond, on either side


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return between which shares the true one lies, with 95 % confidence: 0 to 1.

    The score interval (Wilson, Journal of the American Statistical Association 22, 1927, 209).

    :param whole: at least 1.
    """
    share, square = part / whole, SURE * SURE
    middle = share + square / (2 * whole)
    reach = SURE * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    below = 1 + square / whole
    return max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below)


def by_chance(trials: int, share: float) -> tuple[int, int]:
    """Return between which counts 95 of 100 draws would lie (binomial distribution).

    :param share: the probability of each trial, 0 to 1.
    """
    if not 0 < share < 1:
        count = trials if share >= 1 else 0
        return count, count
    below, low = 0.0, 0
    for count in range(trials + 1):
        ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
        below += exp(ways + count * log(share) + (trials - count) * log(1 - share))
        if below < TAIL:
            low = count + 1
        if below >= 1 - TAIL:
            return low, count
    return low, trials
