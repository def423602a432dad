"""How much room the lanes of a slot take."""

from __future__ import annotations

import numpy as np

from lsp_writer.inference.kv_cache import Slot
from tests.scripted_model import ScriptedModel

BOOK = "abcdefghijklmnopqrstuvwxyz"


def rooms(slot: Slot, *needed: int) -> list[int]:
    """The room of the lane after each of some jobs, by the tokens they need."""
    return [slot.rewound_to([1, 2], tokens).cache.capacity for tokens in needed]


def test_a_lane_has_all_its_room_from_the_beginning() -> None:
    assert rooms(Slot(ScriptedModel(BOOK), 100), 2, 50) == [100, 100]


def test_a_lane_that_grows_in_steps_has_the_most_that_was_needed() -> None:
    assert rooms(Slot(ScriptedModel(BOOK), 100, step=40), 2, 41, 3, 81, 500) == [40, 80, 80, 100, 100]


def test_a_lane_that_grows_keeps_what_it_holds() -> None:
    model = ScriptedModel(BOOK)
    slot, ids = Slot(model, 100, step=10), [*b"abc"]
    lane = slot.rewound_to(ids, 10)
    model.forward(np.array([ids]), lane.cache)
    lane.append(ids)
    grown = slot.rewound_to([*b"abcdef"], 20)
    assert (grown.token_ids, grown.cache.length, grown.cache.capacity) == (ids, 3, 20)
    assert model.forward(np.array([[*b"d"]]), grown.cache)[0, -1].argmax() == ord("e")
