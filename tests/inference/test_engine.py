"""The real engine on a model that knows one text by heart."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from lsp_writer.errors import InvalidRequest
from lsp_writer.generation import (
    Event,
    Finished,
    Generate,
    Kind,
    Piece,
    Prefill,
    RankedWords,
    Request,
    Sampling,
    Score,
    Scores,
    Segment,
    StopReason,
    Stops,
)
from lsp_writer.inference.engine import Engine, Sizes
from lsp_writer.inference.model import Cache, Logits, TokenIds
from tests.scripted_model import START, ByteTokenizer, ScriptedCache, ScriptedModel

BOOK = "The old house stood empty. Nobody went there — not even the café’s cats. 夜里没有人。 The end."


def engine_on(model: ScriptedModel) -> Engine:
    return Engine(model, ByteTokenizer())


def run(engine: Engine, request: Request, kind: Kind = Kind.TYPING) -> list[Event]:
    return [event for event in engine.run(kind, request, threading.Event()) if event is not None]


def text_of(events: Sequence[Event], candidate: int = 0) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece) and event.candidate == candidate)


def words_of(events: Sequence[Event]) -> list[str]:
    (ranked,) = [event for event in events if isinstance(event, RankedWords)]
    return [word.text for word in ranked.words]


def end_of(events: Sequence[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def continue_(marked: str, *, typed: str = "", **stops: object) -> Generate:
    defaults: dict[str, object] = {"max_new_tokens": 200}
    return Generate(
        prompt=(Segment(marked.removesuffix("$0")),),
        typed=typed,
        stops=Stops(**(defaults | stops)),  # type: ignore[arg-type]  # a test names a few of the fields
    )


def check_continuation(marked: str, expected: str, reason: StopReason, *, typed: str = "", **stops: object) -> None:
    """The same text from an empty cache and from one that has read something else before."""
    request = continue_(marked, typed=typed, **stops)
    fresh = run(engine_on(ScriptedModel(BOOK)), request)
    used = engine_on(ScriptedModel(BOOK))
    run(used, continue_("The old hut$0"))
    for events in (fresh, run(used, request)):
        assert text_of(events) == expected
        assert end_of(events).reason == reason


def test_to_the_end_of_the_text() -> None:
    check_continuation("The old$0", BOOK.removeprefix("The old"), StopReason.END_OF_TEXT)


def test_to_the_end_of_the_sentence() -> None:
    check_continuation("The old$0", " house stood empty.", StopReason.PATTERN, end_pattern=r"\.(?=\s)")


def test_so_many_tokens() -> None:
    check_continuation("The old$0", " house", StopReason.MAX_TOKENS, max_new_tokens=6)


def test_a_half_typed_word_is_completed_and_not_repeated() -> None:
    check_continuation("The old$0", "use stood", StopReason.MAX_TOKENS, typed=" ho", max_new_tokens=9)


def test_typed_characters_of_several_bytes() -> None:
    check_continuation("not even the$0", "é’s", StopReason.MAX_TOKENS, typed=" caf", max_new_tokens=6)
    check_continuation("cats. 夜$0", "没有", StopReason.MAX_TOKENS, typed="里", max_new_tokens=6)


def test_typed_text_that_the_model_would_not_have_written_is_respected() -> None:
    """The letters stay as typed; what follows is whatever the model makes of them."""
    events = run(
        engine_on(ScriptedModel("The old hut. The old house")), continue_("The old$0", typed=" hux", max_new_tokens=4)
    )
    assert text_of(events), "it goes on after letters that it would not have chosen"
    assert end_of(events).reason == StopReason.MAX_TOKENS


def test_a_time_budget_ends_with_what_there_is() -> None:
    check_continuation("The old$0", "", StopReason.TIME, seconds=0.0)


def test_reading_the_prompt_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first ghost text of a manuscript never came: its time was over when the text before the
    caret had been read."""
    now = 0.0
    monkeypatch.setattr("lsp_writer.inference.engine.time.monotonic", lambda: now)

    class Slow(ScriptedModel):
        def forward(self, token_ids: TokenIds, cache: Cache, logits_to_keep: int = 1) -> Logits:
            nonlocal now
            now += len(token_ids[0])
            return super().forward(token_ids, cache, logits_to_keep)

    request = continue_("The old$0", seconds=4.5, end_pattern=r"\.(?=\s)")
    assert text_of(run(engine_on(Slow(BOOK)), request)) == " hous"


def test_an_empty_prompt_has_something_to_start_from() -> None:
    check_continuation("$0", "The old", StopReason.MAX_TOKENS, max_new_tokens=7)


def test_a_passage_longer_than_the_cache_is_cut_in_steps_so_that_growing_it_reads_only_what_is_new() -> None:
    model = ScriptedModel(BOOK)
    engine = engine_on(model)
    long = "x" * 700
    run(engine, continue_(long + "$0", max_new_tokens=4))
    again = end_of(run(engine, continue_(long + "yyy$0", max_new_tokens=4)))
    assert again.prefilled_tokens == 3


def test_letters_of_a_half_typed_word_do_not_move_the_cut_of_a_long_passage() -> None:
    """Each letter made the room for the prompt smaller, so each letter had 400 tokens read again."""
    engine = engine_on(ScriptedModel(BOOK))
    long = "x" * 700
    run(engine, continue_(long + "$0", typed=" h", max_new_tokens=4))
    for typed in (" ho", " hou", " house"):
        again = end_of(run(engine, continue_(long + "$0", typed=typed, max_new_tokens=4)))
        assert again.prefilled_tokens == 0


def test_long_suggestions_do_not_move_the_cut_of_a_long_passage_either() -> None:
    """With `maxTokens` at 200, every other letter had 300 tokens read again."""
    engine = engine_on(ScriptedModel(BOOK))
    for typed, read in ((" h", 352), (" ho", 0), (" hou", 0)):
        assert end_of(run(engine, continue_("x" * 352 + "$0", typed=typed))).prefilled_tokens == read


def test_candidates_end_each_for_a_reason_of_its_own() -> None:
    """The second of five suggestions ended in the middle of a word, because the first had ended its sentence."""
    model = ScriptedModel(BOOK, alternatives="b")
    request = msgspec.structs.replace(continue_("The old$0", typed=" ", max_new_tokens=20), candidates=2, words=8)
    last = end_of(run(engine_on(model), request))
    assert len(last.reasons) == 2
    assert last.reasons[0] == last.reason


def test_what_is_read_ahead_of_a_long_passage_is_what_is_asked_for_later() -> None:
    engine = engine_on(ScriptedModel(BOOK))
    long = "y" * 700
    run(engine, Prefill(prompt=(Segment(long),)), Kind.IDLE)
    assert end_of(run(engine, continue_(long + "z$0", max_new_tokens=4))).prefilled_tokens == 1


class Listening(ScriptedModel):
    """Keeps what the first row held after the last pass."""

    def forward(self, token_ids: TokenIds, cache: Cache, logits_to_keep: int = 1) -> Logits:
        logits = super().forward(token_ids, cache, logits_to_keep)
        assert isinstance(cache, ScriptedCache)
        self.read: list[int] = cache.tokens[0, : cache.length].tolist()
        return logits


@pytest.mark.parametrize(
    "asked", [continue_("x" * 700 + "$0", max_new_tokens=4), Score(prompt=(Segment("x" * 700),), text="xx")]
)
def test_what_every_prompt_begins_with_stays_where_a_long_passage_is_cut(asked: Request) -> None:
    model = Listening(BOOK)
    engine = Engine(model, ByteTokenizer(beginning_ids=[START]))
    run(engine, asked, Kind.CRITIQUE if isinstance(asked, Score) else Kind.TYPING)
    assert len(model.read) < 600
    assert (model.read[0], model.read.count(START)) == (START, 1)


def test_instructions_are_never_cut_from_a_prompt_that_is_too_long() -> None:
    request = Generate(
        prompt=(Segment("Shorten this.", "system"), Segment("x" * 3000, "user")), stops=Stops(max_new_tokens=10)
    )
    with pytest.raises(InvalidRequest, match="Select a shorter one"):
        run(engine_on(ScriptedModel(BOOK)), request, Kind.REVISION)


def test_no_room_to_write_is_told() -> None:
    with pytest.raises(InvalidRequest, match="Select a shorter passage"):
        run(engine_on(ScriptedModel(BOOK)), continue_("The$0", max_new_tokens=9000), Kind.REVISION)


def test_one_more_word_costs_only_its_own_tokens() -> None:
    engine = engine_on(ScriptedModel(BOOK))
    run(engine, continue_("The old house stood empty. Nobody$0", max_new_tokens=3))
    again = end_of(run(engine, continue_("The old house stood empty. Nobody went$0", max_new_tokens=3)))
    assert again.prefilled_tokens <= len(" went")
    assert again.reused_tokens + again.prefilled_tokens == len("The old house stood empty. Nobody went")


@pytest.mark.parametrize(
    ("kind", "chunks"),
    [(Kind.TYPING, [64, 64, 22]), (Kind.REVISION, [16] * 9 + [6])],
    ids=["typing", "a rewrite, which typing may have to wait for"],
)
def test_prefill_goes_in_chunks_and_yields_between_them(kind: Kind, chunks: list[int]) -> None:
    model = ScriptedModel(BOOK)
    steps = engine_on(model).run(kind, continue_("x" * 150 + "$0", max_new_tokens=1), threading.Event())
    assert next(steps) is None
    assert model.passes == [(1, chunks[0])]
    list(steps)
    assert [tokens for _, tokens in model.passes] == chunks


def test_a_graphics_card_reads_more_at_a_time() -> None:
    model = ScriptedModel(BOOK)
    engine = Engine(model, ByteTokenizer(), Sizes(typing_tokens=1500, prefill_chunk=512, cache_step=512))
    run(engine, continue_("x" * 1100 + "$0", max_new_tokens=1))
    assert [tokens for _, tokens in model.passes] == [512, 512, 76]


def test_how_fast_it_reads_is_told_by_long_prompts_alone() -> None:
    """A letter is a pass of its own, and took as long as twenty: the machine would have been taken for slow."""
    engine = engine_on(ScriptedModel(BOOK))
    run(engine, continue_("The old$0", max_new_tokens=1))
    assert engine.reading_speed == 0
    run(engine, continue_("The old " * 30 + "$0", max_new_tokens=1))
    assert engine.reading_speed > 0


def test_reading_ahead_leaves_the_prefix_in_use_alone() -> None:
    engine = engine_on(ScriptedModel(BOOK))
    run(engine, continue_("The old house stood$0", max_new_tokens=1))
    run(engine, Prefill(prompt=(Segment("Nobody went there"),)), Kind.IDLE)
    assert end_of(run(engine, continue_("The old house stood e$0", max_new_tokens=1))).prefilled_tokens == 2
    assert end_of(run(engine, continue_("Nobody went there —$0", max_new_tokens=1))).prefilled_tokens == len(
        " —".encode()
    )


def test_the_words_come_first_and_the_continuation_begins_with_the_best() -> None:
    request = msgspec.structs.replace(continue_("The old$0", typed=" ho", max_new_tokens=9), words=8)
    events = run(engine_on(ScriptedModel(BOOK, alternatives="bu ")), request)
    assert isinstance(events[0], RankedWords)
    assert words_of(events)[0] == "house"
    assert " ho" + text_of(events) == " house stood"


def test_the_words_alone() -> None:
    request = msgspec.structs.replace(continue_("The old$0", typed=" ho", max_new_tokens=0), words=8)
    events = run(engine_on(ScriptedModel(BOOK)), request)
    assert words_of(events) == ["house"]
    assert [type(event) for event in events] == [RankedWords, Finished]


def test_nothing_is_said_after_words_of_which_the_first_is_too_unlikely() -> None:
    model = ScriptedModel(BOOK, alternatives="bu ")
    request = msgspec.structs.replace(continue_("The old$0", typed=" ho", max_new_tokens=9, first_word=0.0), words=8)
    events = run(engine_on(model), request)
    assert words_of(events)[0] == "house"
    assert [type(event) for event in events] == [RankedWords, Finished]
    assert end_of(events).reason == StopReason.DOUBT
    likely = msgspec.structs.replace(request, stops=msgspec.structs.replace(request.stops, first_word=-9.0))
    assert " ho" + text_of(run(engine_on(model), likely)) == " house stood"


def test_ranking_words_does_not_disturb_what_is_said() -> None:
    """Branches are written where the continuation will be."""
    plain = continue_("The old$0", typed=" ho", end_pattern=r"\.(?=\s)")
    engine = engine_on(ScriptedModel(BOOK, alternatives="aeiou"))
    for words in (0, 8, 3):
        assert text_of(run(engine, msgspec.structs.replace(plain, words=words))) == "use stood empty."


def test_the_next_letter_of_a_word_reads_nothing_of_the_prompt_again() -> None:
    model = ScriptedModel(BOOK)
    engine = engine_on(model)
    run(engine, continue_("The old$0", typed=" h", max_new_tokens=1))
    model.passes.clear()
    events = run(engine, continue_("The old$0", typed=" ho", max_new_tokens=1))
    assert end_of(events).prefilled_tokens == 0
    assert len(model.passes) == len(" ho")


def test_logits_kept_for_one_prompt_are_not_taken_for_those_of_a_longer_one() -> None:
    """“The house was just such” went on as “The house was just” had done."""
    engine = engine_on(ScriptedModel(BOOK))
    run(engine, continue_("The old$0", max_new_tokens=3))
    assert text_of(run(engine, continue_("The old house st$0", max_new_tokens=3))) == "ood"
    assert text_of(run(engine, continue_("The old$0", max_new_tokens=3))) == " ho"


@pytest.mark.parametrize("words", [0, 8])
def test_candidates_begin_with_different_words_and_decode_side_by_side(words: int) -> None:
    model = ScriptedModel(BOOK, alternatives="NT")
    request = Generate(prompt=(Segment("stood empty. "),), stops=Stops(max_new_tokens=30), candidates=3, words=words)
    events = run(engine_on(model), request)
    first_words = [text_of(events, candidate).split()[0] for candidate in range(3)]
    assert first_words[0] == "Nobody"
    assert len(set(first_words)) == 3
    assert not words or first_words == words_of(events)[:3]
    assert (3, 1) in model.passes, "all rows in one pass"


def test_sampled_candidates_differ_by_their_seeds_and_read_the_prompt_once() -> None:
    model = ScriptedModel(BOOK, alternatives="abcdefgh")
    request = Generate(
        prompt=(Segment("The old"),),
        stops=Stops(max_new_tokens=12),
        sampling=Sampling(temperature=4.0, seed=3),
        candidates=3,
    )
    events = run(engine_on(model), request)
    assert len({text_of(events, candidate) for candidate in range(3)}) == 3
    assert model.passes[:2] == [(1, len("The old")), (3, 1)]


def test_what_was_read_for_a_critique_is_let_go_when_the_writer_types() -> None:
    """Two places written at and a hover at each, and the server had 360 MB."""
    engine = engine_on(ScriptedModel(BOOK))
    score = Score(prompt=(Segment("The old house"),), text=" stood empty.")
    run(engine, score, Kind.CRITIQUE)
    assert end_of(run(engine, score, Kind.CRITIQUE)).reused_tokens > 0
    run(engine, continue_("The old$0", max_new_tokens=1))
    assert end_of(run(engine, score, Kind.CRITIQUE)).reused_tokens == 0


def test_a_candidate_that_has_ended_costs_no_more() -> None:
    """The first one ends with the book, the other is still in the middle of it."""
    model = ScriptedModel("He left. So did she, and the dog went with them.", alternatives="HS")
    request = Generate(prompt=(Segment("He left. "),), stops=Stops(max_new_tokens=30, end_pattern=r","), candidates=2)
    events = run(engine_on(model), request)
    assert {text_of(events, 0), text_of(events, 1)} >= {"So did she,"}
    assert model.passes[-1] == (1, 1), "one row is left"


def test_a_seed_gives_the_same_text_again() -> None:
    model = ScriptedModel(BOOK, alternatives="abcdefgh")
    sampling = Sampling(temperature=4.0, seed=3)
    request = Generate(prompt=(Segment("The"),), stops=Stops(max_new_tokens=30), sampling=sampling)
    first, second = run(engine_on(model), request), run(engine_on(model), request)
    assert text_of(first) == text_of(second)
    assert len(set(text_of(first))) > 5


def test_scores_cover_the_text_and_know_what_was_expected() -> None:
    request = Score(prompt=(Segment("The old house"),), text=" stood full — y")
    events = run(engine_on(ScriptedModel(BOOK)), request, Kind.CRITIQUE)
    (scores,) = [event for event in events if isinstance(event, Scores)]
    text = request.text
    assert "".join(text[token.start : token.end] for token in scores.tokens) == text
    expected = {text[token.start : token.end]: token for token in scores.tokens}
    assert expected["s"].log_probability > -0.1
    assert expected["f"].log_probability < -5, "the book goes on with “empty”"
    (after_stood,) = [token for token in scores.tokens if text[: token.end] == " stood "]
    assert after_stood.best == " "


def test_scoring_the_same_text_again_reads_no_more_than_it_must() -> None:
    engine = engine_on(ScriptedModel(BOOK))
    request = Score(prompt=(Segment("The old house"),), text=" stood empty.")
    first = end_of(run(engine, request, Kind.CRITIQUE))
    again = end_of(run(engine, request, Kind.CRITIQUE))
    assert again.prefilled_tokens < first.prefilled_tokens


def test_a_cancelled_job_makes_no_more_passes() -> None:
    model = ScriptedModel(BOOK)
    cancelled = threading.Event()
    steps: Iterator[Event | None] = engine_on(model).run(Kind.TYPING, continue_("The$0"), cancelled)
    next(steps)
    next(steps)
    passes = len(model.passes)
    cancelled.set()
    assert list(steps) == []
    assert len(model.passes) == passes


def test_an_interrupt_meant_for_another_job_is_shrugged_off() -> None:
    model = ScriptedModel(BOOK)
    interrupts = iter([True, False, True])
    model._before_pass = lambda: model.interrupt() if next(interrupts, False) else None
    assert text_of(run(engine_on(model), continue_("The old$0", max_new_tokens=6))) == " house"


def test_a_job_cancelled_while_words_are_ranked_makes_no_more_passes() -> None:
    model = ScriptedModel(BOOK, alternatives="abc")
    engine = engine_on(model)
    cancelled = threading.Event()
    request = msgspec.structs.replace(continue_("The old$0", typed=" ho", max_new_tokens=6), words=8)
    steps: Iterator[Event | None] = engine.run(Kind.TYPING, request, cancelled)
    assert next(steps) is None
    cancelled.set()
    passes = len(model.passes)
    assert list(steps) == []
    assert len(model.passes) == passes
    assert " ho" + text_of(run(engine, request)) == " house st"


@pytest.mark.parametrize("kind", [Kind.TYPING, Kind.REVISION])
def test_a_cancelled_pass_leaves_a_cache_that_still_tells_the_truth(kind: Kind) -> None:
    model = ScriptedModel(BOOK)
    engine = engine_on(model)
    cancelled = threading.Event()

    def cancel_third_pass() -> None:
        if len(model.passes) == 2:
            cancelled.set()
            model.interrupt()

    model._before_pass = cancel_third_pass
    assert run_until(engine, kind, cancelled) == [], "a cancelled job has no last word"
    model._before_pass = None
    assert text_of(run(engine, continue_("The old$0", max_new_tokens=6), kind)) == " house"


def run_until(engine: Engine, kind: Kind, cancelled: threading.Event) -> list[Event]:
    return [event for event in engine.run(kind, continue_("y" * 300 + "$0"), cancelled) if event is not None]


def test_a_text_that_says_its_words_again_is_ended_though_its_capitals_differ() -> None:
    sentence = "before the rain she had carried all of the chairs into the old boat house"
    book = f"Then, {sentence}. {sentence.upper()}, or not."
    request = continue_("Then$0", max_new_tokens=400)
    events = run(engine_on(ScriptedModel(book)), request)
    assert end_of(events).reason == StopReason.LOOP
    assert text_of(events).endswith("THE OLD BOAT ")
    unbounded = continue_("Then$0", max_new_tokens=400, at_loop=False)
    assert end_of(run(engine_on(ScriptedModel(book)), unbounded)).reason == StopReason.END_OF_TEXT


@pytest.mark.parametrize(
    "asked",
    [{}, {"lookup": True}, {"sampling": Sampling(temperature=0.7), "candidates": 3}],
    ids=["plain", "with drafts", "three candidates"],
)
def test_the_first_text_of_a_rewrite_is_there_once_its_prompt_has_been_read(asked: dict[str, object]) -> None:
    model = ScriptedModel(f"{BOOK}[user]{BOOK}{BOOK}")
    request = Generate(
        prompt=(Segment("Copy it.", "system"), Segment(BOOK, "user")),
        stops=Stops(max_new_tokens=40),
        **asked,  # type: ignore[arg-type]  # a test names a few of the fields
    )
    steps = engine_on(model).run(Kind.REVISION, request, threading.Event())
    first = next(event for event in steps if event is not None)
    assert isinstance(first, Piece)
    assert first.text
    read = sum(tokens for _, tokens in model.passes)
    assert read == end_of([event for event in steps if event is not None]).prefilled_tokens
