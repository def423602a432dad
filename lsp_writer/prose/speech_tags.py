"""Speech tags in English: who speaks, and by which verb it is told."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec

from lsp_writer.prose.dialogue import CLOSING_MARKS
from lsp_writer.prose.span import Span
from lsp_writer.prose.verb_forms import past, third_person

# Plain verbs nobody sees; purple ones draw the eye from what is said; with an action no words come out at all.
TagVerb = Literal["plain", "purple", "action"]


class SpeechTag(msgspec.Struct, frozen=True):
    """A tag in a paragraph, as “said Ann” is one. Spans are code points from its start."""

    verb: Span
    kind: TagVerb
    who: Span
    #: The speech that it tags, quotation marks included.
    speech: Span
    #: Whether it stands after that speech.
    follows: bool


class _Verbs(msgspec.Struct):
    """What speech_tags.toml has of a kind; words stand between spaces."""

    regular: str
    irregular: tuple[str, ...] = ()


class _Patterns(NamedTuple):
    after: re.Pattern[str]
    before: re.Pattern[str]
    kinds: dict[str, TagVerb]


_PRONOUN = r"\b(?:I|[Hh]e|[Ss]he|[Tt]hey|[Ww]e|[Ii]t|[Yy]ou)"
_NAME = r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof|Capt|St)\.?\s+)?[A-Z][\w’'\-]+(?:\s+(?:of\s+)?[A-Z][\w’'\-.]*){0,2}"
_OF = r"(?:[Tt]he|[Aa]n?|[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]heir|[Tt]his|[Tt]hat|[Oo]ne|[Aa]nother)"
_WORD = r"[\w’'\-]+"
# As far as the verb, or behind the verb as far as a word that begins something else.
_NOUN = rf"\b{_OF}\s+(?:{_WORD}\s+){{0,2}}?{_WORD}"
_NO_MORE = r"(?!(?:and|but|as|at|by|from|in|into|of|on|to|with|who|when|while|after|before|\w+ly)\b)"
_NOUN_AFTER = rf"\b{_OF}(?:\s+{_NO_MORE}{_WORD}){{1,3}}"
_ADVERB = r"(?:\w+ly|then|only|again|just|also|even|almost|now|at\s+last|at\s+once)"
# Where nothing but the manner and the listener follows the verb, it can only tell who spoke.
_END = re.compile(
    rf"\s*(?:[.,;:—–]|-{{2}}|\Z)|\s+(?:{_ADVERB}|quietly|softly|again|aloud|to|in\s+an?)\b", re.IGNORECASE
)
# After a full stop “She began to cry” is no tag, whatever “she began” may be.
_BARE_END = re.compile(rf"\s*(?:[.,;]|\Z)|\s+(?:{_ADVERB}|quietly|softly|again|aloud)\s*(?:[.,;]|\Z)")
_TURNS_TO_NEXT = re.compile(r"[^.;!?]*[,:]\s*\Z")
# A tag before its speech closes what is told, and none is longer than this.
_LONGEST = 80
_OPENERS = re.compile(r"[\s\"'“„«‘`「『]*")


def speech_tags(paragraph: str, dialogue: Sequence[Span]) -> list[SpeechTag]:
    """The tags in `paragraph`, whose speeches are `dialogue`, in order.

    A speech that ends wrongly, in a full stop or without any mark, still has its tag, so long as the words can be
    nothing else. “Go.” She smiled. has none, and neither has “Who?” Ann called the dog.
    """
    return list(_tags(paragraph, dialogue))


def _tags(paragraph: str, dialogue: Sequence[Span]) -> Iterator[SpeechTag]:
    end = 0
    last: SpeechTag | None = None
    for speech, following in pairwise([*dialogue, Span(len(paragraph), len(paragraph))]):
        before = _before(paragraph, Span(end, speech.start), speech)
        # “Go,” he said, “now.” has one tag, and it is the first speech's.
        if before and not (last and last.verb == before.verb):
            yield before
        end = speech.end
        last = _after(paragraph, speech, Span(end, following.start))
        if last:
            yield last


def _after(paragraph: str, speech: Span, told: Span) -> SpeechTag | None:
    patterns = _patterns()
    match = patterns.after.match(paragraph, told.start, told.end)
    if match is None:
        return None
    role = "verb" if match["verb"] else "inverted"
    kind = patterns.kinds[_folded(match[role])]
    tag = SpeechTag(
        Span(*match.span(role)),
        kind,
        Span(*match.span("who" if role == "verb" else "whom")),
        speech,
        follows=True,
    )
    return tag if _is_tag(paragraph, tag, told) else None


def _is_tag(paragraph: str, tag: SpeechTag, told: Span) -> bool:
    """Whether what was matched behind a speech tells who spoke, and not what happened next."""
    first = min(tag.who.start, tag.verb.start)
    begins_small = paragraph[first].islower() or paragraph[tag.who.start : tag.who.end] == "I"
    last = final_mark(paragraph, tag.speech)
    is_speech = (bool(last) and not last.isalnum()) or stands_alone(paragraph, tag.speech)
    if tag.verb.start < tag.who.start:
        return begins_small and is_speech
    is_whole = bool(_END.match(paragraph, tag.verb.end, told.end))
    if paragraph[first].islower():
        return is_speech and (tag.kind != "action" or is_whole or last == ",")
    if last == ",":
        return tag.kind != "action" or is_whole
    if last not in "!?…—–-":
        is_whole = bool(_BARE_END.match(paragraph, tag.verb.end, told.end)) and stands_alone(paragraph, tag.speech)
    return tag.kind != "action" and is_whole and not _TURNS_TO_NEXT.match(paragraph, tag.verb.end, told.end)


def stands_alone(paragraph: str, speech: Span) -> bool:
    """Whether `speech` begins as a sentence does, and is not a “word” quoted within one."""
    opened = _OPENERS.match(paragraph, speech.start, speech.end)
    first = paragraph[opened.end() : opened.end() + 1] if opened else ""
    return first.isupper() and paragraph[: speech.start].rstrip()[-1:] in {"", *".,!?:;—–-…”\"’'"}


def _before(paragraph: str, told: Span, speech: Span) -> SpeechTag | None:
    start = max(told.start, told.end - _LONGEST)
    match = _patterns().before.search(paragraph, start, told.end)
    if match is None:
        return None
    kind = _patterns().kinds[_folded(match["verb"])]
    return SpeechTag(Span(*match.span("verb")), kind, Span(*match.span("who")), speech, follows=False)


def final_mark(paragraph: str, speech: Span) -> str:
    """The last character of `speech` inside its closing quotation marks."""
    return paragraph[speech.start : speech.end].rstrip(f" \u00a0`{CLOSING_MARKS}")[-1:]


def is_tag_verb(word: str) -> bool:
    """Whether people speak by `word`, a verb in the past or the third person."""
    return _patterns().kinds.get(_folded(word), "action") != "action"


def is_action_verb(word: str) -> bool:
    return _patterns().kinds.get(_folded(word)) == "action"


def _folded(verb: str) -> str:
    return " ".join(verb.lower().split())


@cache
def _patterns() -> _Patterns:
    table = tomllib.loads(resources.files("lsp_writer.prose").joinpath("speech_tags.toml").read_text("utf-8"))
    verbs = msgspec.convert(table["en"], dict[TagVerb, _Verbs])
    kinds: dict[str, TagVerb] = {form: kind for kind, listed in verbs.items() for form in _forms(listed)}
    any_verb = "|".join(form.replace(" ", r"\s+") for form in sorted(kinds, key=len, reverse=True))
    adverbs = rf"(?:{_ADVERB}\s+){{0,2}}"
    subject = rf"(?P<who>{_PRONOUN}|{_NAME}|{_NOUN})"
    verb = rf"(?P<verb>{any_verb})\b"
    return _Patterns(
        re.compile(
            rf"\s*(?:(?:—|–|-{{2}}|,)\s*)?(?:{subject}\s+{adverbs}(?:had\s+)?{verb}"
            rf"|(?P<inverted>{any_verb})\s+(?P<whom>(?:I|he|she|they|we)\b|{_NAME}|{_NOUN_AFTER}))"
        ),
        re.compile(rf"{subject}\s+{adverbs}{verb}(?:\s+(?:{_ADVERB}|(?:to|at)\s+\w+(?:\s+\w+)?))?\s*[,:]\s*\Z"),
        kinds,
    )


def _forms(verbs: _Verbs) -> Iterator[str]:
    for phrase in verbs.regular.split():
        verb, particle = phrase.partition("-")[::2]
        yield f"{past(verb)} {particle}".strip()
        yield f"{third_person(verb)} {particle}".strip()
    for pair in verbs.irregular:
        present, past_phrase = pair.split()
        verb, particle = present.partition("-")[::2]
        yield past_phrase.replace("-", " ")
        yield f"{third_person(verb)} {particle}".strip()
