"""The middle of some figures."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Quartiles(msgspec.Struct, frozen=True):
    """A quarter of the figures is below `low`, half below `middle`, three quarters below `high`."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Quartiles:
        """Of none it is 0 throughout. Between two figures it goes in proportion."""
        ordered = sorted(figures)
        return cls(*(_at(ordered, share) for share in (0.25, 0.5, 0.75)))


def _at(ordered: Sequence[float], share: float) -> float:
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
