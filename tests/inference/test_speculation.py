"""What is said with drafts is what is said without: the same pieces, the same end, in fewer passes."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.generation import Event, Finished, Generate, Kind, Piece, Sampling, Segment, StopReason, Stops
from lsp_writer.inference.engine import Engine, Sizes
from lsp_writer.inference.loading import load_tokenizer
from lsp_writer.inference.manifest import default_model_folder
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.opening import OpenedModel
from tests.scripted_model import ByteTokenizer, ScriptedModel

PASSAGE = "Nobody went there, not even the cats. The old house stood empty, and its café was shut."


def events_of(engine: Engine, request: Generate) -> list[Event]:
    return [event for event in engine.run(Kind.REVISION, request, threading.Event()) if event is not None]


def run(model: ScriptedModel, request: Generate) -> list[Event]:
    return events_of(Engine(model, ByteTokenizer()), request)


def pieces(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, Piece)]


def said(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


def check_identical(book: str, request: Generate, alternatives: str = "") -> tuple[ScriptedModel, ScriptedModel]:
    """The models that decoded with drafts and without, to compare their passes."""
    plain, drafting = ScriptedModel(book, alternatives), ScriptedModel(book, alternatives)
    expected = run(plain, request)
    assert run(drafting, msgspec.structs.replace(request, lookup=True)) == expected
    return drafting, plain


def rewrite(passage: str, **stops: object) -> Generate:
    return Generate(
        prompt=(Segment(f"Copy this.\n{passage}\n"),),
        stops=Stops(**({"max_new_tokens": 200} | stops)),  # type: ignore[arg-type]  # a test names a few of the fields
    )


def test_a_copy_takes_a_fraction_of_the_passes() -> None:
    drafting, plain = check_identical(f"Copy this.\n{PASSAGE}\n{PASSAGE}", rewrite(PASSAGE))
    assert len(drafting.passes) < len(plain.passes) / 4


def test_a_corrected_word_costs_a_few_passes_more() -> None:
    corrected = PASSAGE.replace("its café", "the café")
    drafting, plain = check_identical(f"Copy this.\n{PASSAGE}\n{corrected}", rewrite(PASSAGE))
    assert len(drafting.passes) < len(plain.passes) / 3


@pytest.mark.parametrize("length", [31, 32, 33, 34])
def test_no_pass_has_one_token_alone(length: int) -> None:
    """Whether its prompt was read at once, or up to its last token before."""
    book = "A text that has nothing in common with itself: so quick, my dwarf, just a box of glazed vinegar."
    model = ScriptedModel(book)
    engine = Engine(model, ByteTokenizer())
    for end in (length, length + 1):
        request = Generate(prompt=(Segment(book[:end]),), stops=Stops(max_new_tokens=9), lookup=True)
        assert said(events_of(engine, request)) == book[end : end + 9]
    assert min(tokens for _, tokens in model.passes) == 2


@pytest.mark.parametrize(
    ("stops", "reason"),
    [
        ({}, StopReason.END_OF_TEXT),
        ({"max_new_tokens": 20}, StopReason.MAX_TOKENS),
        ({"end_pattern": r"\.(?=\s)"}, StopReason.PATTERN),
        ({"before": "the cats. The"}, StopReason.SUFFIX),
        ({"at_paragraph_end": True}, StopReason.PARAGRAPH_END),
        ({"seconds": 0.0}, StopReason.TIME),
    ],
)
def test_it_ends_where_it_would_have_ended_in_the_middle_of_a_draft_too(
    stops: dict[str, object], reason: StopReason
) -> None:
    passage = PASSAGE + ("\nShe left." if reason == StopReason.PARAGRAPH_END else "")
    request = rewrite(passage, **stops)
    check_identical(f"Copy this.\n{passage}\n{passage}", request)
    last = run(ScriptedModel(f"Copy this.\n{passage}\n{passage}"), msgspec.structs.replace(request, lookup=True))[-1]
    assert isinstance(last, Finished)
    assert last.reason == reason


def test_drafts_never_need_more_room_than_the_text() -> None:
    """With the prompt and the answer the cache is full to its last token."""
    book = PASSAGE.replace("é", "e") * 4
    model = ScriptedModel(book)
    model.context_tokens = 256
    stops = Stops(max_new_tokens=60, at_loop=False)
    assert said(run(model, Generate(prompt=(Segment(book[:196]),), stops=stops, lookup=True))) == book[196:256]


def test_a_loop_ends_where_it_would_have_ended() -> None:
    book = "Copy this.\nla la la\n" + "la " * 60
    drafting, plain = check_identical(book, rewrite("la la la"))
    assert len(drafting.passes) < len(plain.passes)


def test_a_half_typed_word_is_completed_with_drafts_too() -> None:
    request = msgspec.structs.replace(rewrite(PASSAGE), typed="Nobo")
    drafting, plain = check_identical(f"Copy this.\n{PASSAGE}\n{PASSAGE}", request)
    assert len(drafting.passes) < len(plain.passes) / 3


TEXTS = st.text("ab. é\n", max_size=40)
STOPS = st.builds(
    Stops,
    max_new_tokens=st.integers(0, 40),
    at_loop=st.booleans(),
    end_pattern=st.sampled_from(["", r"\.(?=\s)"]),
    before=st.sampled_from(["", "a.b"]),
    at_paragraph_end=st.booleans(),
)
SAMPLINGS = st.builds(
    Sampling,
    temperature=st.sampled_from([0.0, 0.7, 3.0]),
    seed=st.integers(0, 99),
    dry_multiplier=st.sampled_from([0.0, 4.0]),
    xtc_probability=st.sampled_from([0.0, 0.5]),
    banned=st.sampled_from([(), ("a b",)]),
)


@given(passage=TEXTS, put_in=TEXTS, at=st.integers(0, 40), data=st.data())
def test_with_drafts_and_without_every_text_is_the_same(
    passage: str, put_in: str, at: int, data: st.DataObject
) -> None:
    request = msgspec.structs.replace(
        rewrite(passage),
        typed=data.draw(st.sampled_from(["", "a", "b."])),
        stops=data.draw(STOPS),
        sampling=data.draw(SAMPLINGS),
        words=data.draw(st.sampled_from([0, 0, 3])),
    )
    check_identical(f"Copy this.\n{passage}\n{passage[:at]}{put_in}{passage[at:]}", request, "ab .")


def test_what_a_cancelled_rewrite_leaves_in_the_cache_is_true() -> None:
    """Each cut is at another step: the next rewrite must say what a fresh engine says."""
    book = f"Copy this.\n{PASSAGE}\n{PASSAGE}"
    request = msgspec.structs.replace(rewrite(PASSAGE), lookup=True)
    expected = said(run(ScriptedModel(book), request))
    engine = Engine(ScriptedModel(book), ByteTokenizer())
    for steps in range(0, 60, 7):
        job = engine.run(Kind.REVISION, request, threading.Event())
        for _ in range(steps):
            next(job)
        assert said(events_of(engine, request)) == expected


def test_an_interrupted_pass_is_taken_again() -> None:
    model = ScriptedModel(f"Copy this.\n{PASSAGE}\n{PASSAGE}")
    interrupts = iter([False] * 9 + [True, False, True])
    model._before_pass = lambda: model.interrupt() if next(interrupts, False) else None
    assert said(run(model, msgspec.structs.replace(rewrite(PASSAGE), lookup=True))) == PASSAGE


@pytest.mark.model
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=0.8, seed=5)], ids=["greedy", "sampled"])
def test_the_real_model_says_the_same_with_drafts_and_without(default_model: OpenedModel, sampling: Sampling) -> None:
    """Without drafts a pass has two tokens too: one alone takes other kernels (`test_onnx_model`)."""
    tokenizer = load_tokenizer(default_model_folder(), default_model.manifest)
    request = Generate(
        prompt=(Segment("Repeat what you are told.", "system"), Segment(PASSAGE, "user")),
        stops=Stops(max_new_tokens=60),
        sampling=sampling,
        lookup=True,
    )
    drafting = Engine(default_model.model, tokenizer)
    without = Engine(default_model.model, tokenizer, Sizes(drafted=0))
    # The second time after something else, which leaves another part of the prompt to read.
    other = msgspec.structs.replace(request, prompt=(*request.prompt[:1], Segment("Nobody knows.", "user")))
    first, _, again = (events_of(drafting, each) for each in (request, other, request))
    assert pieces(first) == pieces(again) == pieces(events_of(without, request))
    assert drafting.accepted_tokens > 10


@pytest.mark.parametrize("graph", ["tiny", "tiny_copying", "tiny_growing"])
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=0.3, seed=5)], ids=["greedy", "sampled"])
def test_in_32_bits_a_graph_says_with_drafts_what_it_says_a_token_at_a_time(
    graph: str, sampling: Sampling, request: pytest.FixtureRequest
) -> None:
    asked = Generate(prompt=(Segment(PASSAGE),), stops=Stops(max_new_tokens=80, at_loop=False), sampling=sampling)
    model: OnnxModel = request.getfixturevalue(graph)
    plain = events_of(Engine(model, ByteTokenizer()), asked)
    drafting = Engine(model, ByteTokenizer())
    assert said(events_of(drafting, msgspec.structs.replace(asked, lookup=True))) == said(plain)
    assert drafting.accepted_tokens > 10
