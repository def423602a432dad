"""What is offered last, with a word about a larger model."""

from __future__ import annotations

import pytest

from lsp_writer.features.revision import pass_rates
from lsp_writer.features.revision.entry import Way
from lsp_writer.features.revision.pass_rates import Measured, needs_larger
from tests.features.revision.commissions import PLAIN, variant

SMALL, LARGE = (
    Measured("small", 150, {"noir": 0.1, "expand": 0.95, "diary": 0.9}),
    Measured("large", 1500, {"noir": 0.9, "blurb": 0.59}),
)


@pytest.fixture(autouse=True)
def two_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pass_rates, "measured", lambda: (SMALL, LARGE))


@pytest.mark.parametrize(
    ("entry", "megabytes", "expected"),
    [
        ("noir", 150, True),
        ("noir", 1499, True),
        ("noir", 1500, False),
        ("noir", 9000, False),
        ("noir", 20, True),
        ("expand", 150, False),
        # What it passes by its own judgement need not be fit to be read.
        ("diary", 150, True),
        ("blurb", 1500, True),
        # Never measured with so small a model, which writes badly.
        ("blurb", 150, True),
        ("haiku", 800, False),
    ],
)
def test_it_goes_by_the_measured_model_that_is_nearest_below(entry: str, megabytes: int, expected: bool) -> None:
    way: Way | None = "expand" if entry == "expand" else None
    assert needs_larger(variant(id=entry, group="style", way=way), megabytes) is expected


def test_nothing_is_said_of_a_writer_s_own_or_without_a_model() -> None:
    assert not needs_larger(PLAIN, 150)
    assert not needs_larger(variant(id="noir", group="style"), None)
