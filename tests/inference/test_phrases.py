"""Phrases that are not said, by bytes, by words, and by the tokens of a real vocabulary."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.generation import Generate, Sampling, Segment, Stops
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.loading import load_tokenizer
from lsp_writer.inference.manifest import default_model_folder
from lsp_writer.inference.opening import OpenedModel
from lsp_writer.inference.phrases import Phrases
from lsp_writer.inference.vocabulary import Vocabulary, fold, is_in_word
from tests.inference.test_speculation import events_of, said
from tests.scripted_model import ByteTokenizer, ScriptedModel

#: Parted by bars.
TOKENS = "to| to|  to|to,|TO|today| tow| toward|(tow| a testament to|t|o| a| testament|art| art|heart|it| it’s|’s|.”"
VOCABULARY = Vocabulary([token.encode() for token in TOKENS.split("|")])


@pytest.mark.parametrize(
    ("phrase", "before", "completing"),
    [
        ("testament to", "It was a testament", " to|  to| a testament to"),
        ("testament to", "It was A Testament ", "to|to,|TO| to|  to| a testament to"),
        ("testament to", "It was a  testament\n", "to|to,|TO| to|  to| a testament to"),
        ("testament to", "It was a testament t", "o| a testament to"),
        ("testament to", "It was a", " a testament to"),
        ("  Testament\nTO ", "It was a testament", " to|  to| a testament to"),
        ("art", "The he", " art"),
        ("art", "The ", "art| art"),
        ("art", "“", "art| art"),
        ("tow", "He", " tow|(tow"),
        ("tow", "(", " tow|(tow"),
        ("it's", "So", " it’s"),
        ("it's", "So it", " it’s|’s"),
        ('."', "He left", ".”"),
        ('."', "He left.", ".”"),
        ("", "It was", ""),
    ],
)
def test_tokens_that_complete_a_phrase_are_found_however_it_is_cut(phrase: str, before: str, completing: str) -> None:
    """Neither “today” nor “toward” is “to”, and “heart” is no “art”."""
    ids = Phrases([phrase], VOCABULARY.spelling).completed_by(before.encode())
    assert {VOCABULARY[int(token)].decode() for token in ids} == set(filter(None, completing.split("|")))


@pytest.mark.parametrize("spelled", ["café", "CAFÉ"])
def test_a_character_may_come_byte_by_byte(spelled: str) -> None:
    *before, last = spelled.encode()
    vocabulary = Vocabulary([bytes([byte]) for byte in range(256)])
    assert last in Phrases(["café"], vocabulary.spelling).completed_by(bytes(before))


def completes(phrase: str, before: bytes, token: bytes) -> bool:
    """Said plainly: there is the phrase, as whole words, and it ends in the token."""
    wanted, begun = fold(phrase).strip(), fold(before.decode("utf-8", "ignore"))
    text = fold((before + token).decode("utf-8", "surrogateescape"))
    for match in re.finditer(f"(?={re.escape(wanted)})", text):
        start, end = match.start(), match.start() + len(wanted)
        goes_on_before = is_in_word(text[:start][-1:]) and is_in_word(wanted[0])
        goes_on_after = is_in_word(text[end:][:1]) and is_in_word(wanted[-1])
        if end > len(begun) and not goes_on_before and not goes_on_after:
            return True
    return False


def is_text(spelled: bytes) -> bool:
    """Whether it is, as far as it goes."""
    try:
        return getincrementaldecoder("utf-8")().decode(spelled) is not None
    except UnicodeDecodeError:
        return False


LETTERS = st.text("ab é’'É.\n", max_size=8)


@given(phrase=LETTERS.filter(str.strip), before=LETTERS, cut=st.integers(0, 2), tokens=st.lists(LETTERS, max_size=6))
def test_just_the_tokens_that_complete_a_phrase_are_found(
    phrase: str, before: str, cut: int, tokens: list[str]
) -> None:
    vocabulary = Vocabulary([*(bytes([byte]) for byte in range(256)), *(token.encode() for token in tokens)])
    spelled = before.encode()[: len(before.encode()) - cut]
    found = set(Phrases([phrase], vocabulary.spelling).completed_by(spelled).tolist())
    possible = {number for number in range(len(vocabulary)) if is_text(spelled + vocabulary[number])}
    assert found & possible == {number for number in possible if completes(phrase, spelled, vocabulary[number])}


BOOK = "The house was a testament to patience. The house was a tribute to patience."


def wording(sampling: Sampling, book: str = BOOK, prompt: str = "The house") -> str:
    request = Generate(prompt=(Segment(prompt),), stops=Stops(max_new_tokens=80), sampling=sampling)
    return said(events_of(Engine(ScriptedModel(book, alternatives="xyz"), ByteTokenizer()), request))


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_banned_phrase_is_never_said(temperature: float) -> None:
    sampling = Sampling(temperature=temperature)
    assert "a testament to" in wording(sampling)
    assert "a testament to" not in wording(msgspec.structs.replace(sampling, banned=("A testament  to",)))


def test_a_phrase_that_the_writer_has_begun_is_not_completed() -> None:
    assert wording(Sampling(banned=("house was",))).startswith(" wax")


def test_the_example_that_a_chat_was_given_begins_no_phrase() -> None:
    chat = Generate(
        prompt=(Segment("Say it: a testament", "user"),),
        stops=Stops(max_new_tokens=3),
        sampling=Sampling(banned=("testament to",)),
    )
    assert said(events_of(Engine(ScriptedModel("a testament to"), ByteTokenizer()), chat)) == " to"


def test_a_discouraged_phrase_gives_way_to_what_is_nearly_as_likely() -> None:
    """The scripted model likes its book by 4 better than anything else."""
    weakly, strongly = (Sampling(discouraged=("a testament",), discouragement=by) for by in (3.0, 5.0))
    assert "a testament" in wording(weakly)
    assert "a testament" not in wording(strongly)


def test_no_candidate_begins_with_a_banned_word() -> None:
    request = Generate(
        prompt=(Segment("stood empty. "),),
        stops=Stops(max_new_tokens=30),
        candidates=2,
        sampling=Sampling(banned=("Nobody",)),
    )
    book = "The old house stood empty. Nobody went there."
    events = events_of(Engine(ScriptedModel(book, alternatives="NT"), ByteTokenizer()), request)
    assert "Nobody" not in {piece.split()[0] for piece in (said(events),)}


def test_with_drafts_a_banned_phrase_is_not_said_either() -> None:
    request = Generate(
        prompt=(Segment(BOOK),), stops=Stops(max_new_tokens=60), sampling=Sampling(banned=("testament to",))
    )
    plain, drafting = (
        events_of(Engine(ScriptedModel(BOOK * 3, "xyz"), ByteTokenizer()), msgspec.structs.replace(request, lookup=on))
        for on in (False, True)
    )
    assert plain == drafting
    assert "testament to" not in said(plain)


@pytest.mark.model
def test_the_real_vocabulary_spells_no_banned_phrase(default_model: OpenedModel) -> None:
    tokenizer = load_tokenizer(default_model_folder(), default_model.manifest)
    for phrase in ("a testament to", "Déjà vu", "couldn’t help but", "nevertheless"):
        phrases = Phrases([phrase], tokenizer.vocabulary.spelling)
        for text in (f" It was {phrase} him", f" It was {phrase.upper()}.", phrase):
            before = b""
            forbidden = False
            for token in tokenizer.encode(text):
                forbidden |= token in phrases.completed_by(before)
                before += tokenizer.vocabulary[token]
            assert forbidden, f"{text} was not noticed"
        before = b""
        for token in tokenizer.encode(" It was heartless of them, couldn’t you help, a testament, nevermore."):
            assert token not in phrases.completed_by(before)
            before += tokenizer.vocabulary[token]
