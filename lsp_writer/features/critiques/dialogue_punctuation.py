"""The comma, the full stop and the capital where a speech meets its tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.dialogue import CLOSING_MARKS
from lsp_writer.prose.span import Span
from lsp_writer.prose.speech_tags import SpeechTag, final_mark, is_action_verb, is_tag_verb, speech_tags

_PAIRS = {"“": "”", '"': '"', "‘": "’", "'": "'", "`": "'"}
# A full stop may belong to the word before it: “Call Mr.” he said, “at the F.B.I.” she said; or be one of an ellipsis.
_NO_STOP = re.compile(r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Jr|Sr|St|Co|Inc|etc|vs|No|a\.m|p\.m)|\.|\.\s)\.\Z")
_PRONOUN = word_set("He She They We It You")
_SMALL_PRONOUN = word_set("he she they we it you")
_GOES_ON = re.compile(r"[“\"‘'`][a-z]")
_COMMA_OUTSIDE = re.compile(r"\s*,")
_TAG_END = re.compile(r"(?P<stop>\.)\s*\Z")
# Not the start of what he did but of what he said: “Well,” He had almost said.
_DOES = re.compile(
    r"\s+(?:(?P<pronoun>He|She|They|We|It)\s+(?:\w+ly\s+)?(?P<did>[a-z]+)"
    r"|(?P<noun>The|His|Her|A|An|Their)\s+[a-z]+"
    r"|(?:I|(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?)\s+(?:\w+ly\s+)?(?P<acted>[a-z]+))\b"
)
# Verbs that nobody speaks by.
_ACTS = word_set(
    """
    bent blew bowed brushed came caught climbed closed crossed cut drew drank dropped folded followed glanced got
    grabbed handed held hung kissed knelt laid leaned leant left lifted lit looked lowered moved opened paused picked
    poured pressed pulled pushed put raised ran reached rose rubbed sat set shook shut slammed slapped sipped slid
    stepped stood stooped stopped straightened swung tapped threw tossed took touched tugged turned walked watched went
    wiped
    """
)
_NEAR = 40
_ASKING = word_set("ask asked asks inquired inquires enquired enquires wondered wonders")
# The last sentence of a speech, if its first word asks.
_QUESTION = re.compile(
    r"(?:\A|[^\w\s,;:’'])\s*(?:who|what|where|when|why|how|which|whose|is|are|was|were|do|does|did|can|could|will|would"
    r"|shall|should|have|has|had|may|might)\b[^.!?…]*\Z",
    re.IGNORECASE,
)


def dialogue_punctuation(reading: Reading) -> Iterator[Finding]:
    tags = speech_tags(reading.text, reading.dialogue)
    tagged = {tag.speech: tag for tag in tags if tag.follows}
    for speech, following in zip_longest(reading.dialogue, reading.dialogue[1:]):
        goes_on = following is not None and bool(_GOES_ON.match(reading.text, following.start))
        if tag := tagged.get(speech):
            yield from _before_tag(reading, tag)
            if goes_on:
                yield from _within_speech(reading, tag, following.start)
        # What breaks into a sentence of speech may need dashes, and a full stop would be as wrong.
        elif not goes_on:
            yield from _before_action(reading, speech)


def _before_tag(reading: Reading, tag: SpeechTag) -> Iterator[Finding]:
    text, mark = reading.text, _last(reading, tag.speech)
    if mark is None:
        return
    last = reading[mark]
    closing = Span(mark.end, tag.speech.end)
    if last == "." and tag.kind == "action":
        yield from _small_after_stop(reading, tag)
    elif last == "." and not _NO_STOP.search(text, tag.speech.start, mark.end):
        # “Go.”, he said: the one that stands outside takes its place.
        comma = _COMMA_OUTSIDE.match(text, closing.end)
        outside = Span(mark.start, comma.end()) if comma else mark
        right = f",{reading[closing]}" if comma else ","
        yield _finding(outside, "A speech ends in a comma before its tag, not in a full stop.", "a comma", right)
    elif last.isalnum() and len(closing) == 1 and reading[closing] == _PAIRS.get(text[tag.speech.start]):
        # “Go”, he said: the one that stands outside goes with it.
        comma = _COMMA_OUTSIDE.match(text, closing.end)
        outside = Span(closing.start, comma.end() if comma else closing.end)
        if reading[tag.verb] in _ASKING or _QUESTION.search(text, tag.speech.start, mark.end):
            reason = "A question has its mark before the tag, inside the quotation marks."
            yield _finding(outside, reason, "a question mark", f"?{reading[closing]}", f",{reading[closing]}")
        else:
            reason = "A speech has a comma before its tag, inside the quotation marks."
            yield _finding(outside, reason, "a comma", f",{reading[closing]}")
    who = reading[tag.who]
    if who in _PRONOUN and tag.who.start < tag.verb.start:
        small = who.lower()
        yield _finding(tag.who, "A tag goes on with the sentence that the speech began.", f"“{small}”", small)


def _small_after_stop(reading: Reading, tag: SpeechTag) -> Iterator[Finding]:
    """“Fine.” she shrugged: the full stop is right, since nobody shrugs words."""
    who = reading[tag.who]
    if who in _SMALL_PRONOUN:
        large = who.capitalize()
        yield _finding(tag.who, "The speech has ended its sentence, so another begins.", f"“{large}”", large)


def _before_action(reading: Reading, speech: Span) -> Iterator[Finding]:
    """A comma that promises a tag where somebody acts instead."""
    mark = _last(reading, speech)
    if mark is None or reading[mark] != "," or not reading[speech][1:2].isupper():
        return
    match = _DOES.match(reading.narration, speech.end)
    if match is None or _speaks_soon(reading, match.start()):
        return
    acted = match["acted"]
    if acted and not (acted in _ACTS or is_action_verb(acted)):
        return
    yield _finding(mark, "A comma promises a tag, but what follows is no tag.", "a full stop", ".")


def _speaks_soon(reading: Reading, start: int) -> bool:
    """Whether a verb of saying stands so near that the words may be a tag after all."""
    return any(is_tag_verb(word) for word in re.findall("[a-z]+", reading.narration[start : start + _NEAR]))


def _within_speech(reading: Reading, tag: SpeechTag, following: int) -> Iterator[Finding]:
    """A full stop behind a tag whose speech goes on at `following` in a small letter."""
    mark = _last(reading, tag.speech)
    stop = _TAG_END.search(reading.text, tag.verb.end, following)
    if mark and stop and reading[mark] == ",":
        at = Span(*stop.span("stop"))
        yield _finding(at, "The speech goes on in a small letter, so the tag is no end.", "a comma", ",")


def _last(reading: Reading, speech: Span) -> Span | None:
    """The last character inside the closing mark of `speech`, if it has one."""
    end = speech.end
    while end > speech.start + 1 and reading.text[end - 1] in CLOSING_MARKS:
        end -= 1
    is_closed = end < speech.end and reading[speech][-1] == _PAIRS.get(reading.text[speech.start], reading[speech][-1])
    return Span(end - 1, end) if is_closed and final_mark(reading.text, speech) else None


def _finding(span: Span, reason: str, better: str, *fixes: str) -> Finding:
    return Finding(span, CritiqueKind.DIALOGUE_PUNCTUATION, reason, f"Try {better}.", fixes)
