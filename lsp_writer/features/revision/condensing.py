"""A passage made shorter by leaving out: filler words, clauses that only add, and sentences that tell little.

Nothing is ever written here but what the writer wrote, so nothing can be invented. What is tried, in this order: the
fillers, by a list; then clauses and whole sentences, the one first whose loss the model minds least.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import chain

import msgspec

from lsp_writer.features.revision.facts import lost_fact
from lsp_writer.features.revision.work import Work
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.marks import marks_in
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

# Shorter by so much, the passage is condensed; it need not be cut to the bone.
_AIM = 0.8
# No cut may leave less than this.
_LEAST = 0.5
# A sentence of so few words, or a clause of more, is left alone: the first often carries a beat, the second a story.
_LEAST_SENTENCE, _MOST_CLAUSE = 4, 16
# The most cuts that the model is asked about in one unit.
_MOST_TRIED = 12
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|\w+n['’]t|nicht|kein\w*|nie|niemand|nichts|ohne|ne|n['’]\w+|pas|jamais|"
    r"rien|personne|sans|nunca|jamás|nada|nadie|ningún\w*|sin)\b|[不没无未别]",
    re.IGNORECASE,
)
# Beside these a word is no filler: “so quickly that”, “quickly and quietly”, “a kind of”.
_NEEDS_NEXT = re.compile(
    r"\b(?:so|too|how|more|most|less|as|would|and|or|but|und|oder|aber|et|ou|mais|y|o|pero|zu|wie|trop|si|tan|más|en)\s+\Z",
    re.IGNORECASE,
)
_NEEDED_BY = re.compile(
    r"\s+(?:and|or|but|of|than|that|as|so|too|a|an|day|same|one|now|then|enough|over|und|oder|et|ou|de|du|y|o|que|dass)\b",
    re.IGNORECASE,
)
# Where a filler is what Chinese says of a thing, only the characters beside it tell so (很突然, 来得突然, 突然的事).
# Nor is half a phrase a filler (名副其实, 理所当然).
_CHINESE_NEEDS_NEXT = re.compile(r"[很太更最得是这那么此够挺真较于点些分极副所想也]\Z")
_CHINESE_NEEDED_BY = re.compile(r"[的了地得极起之间]|\s*(?:[，。！？；：、…—”’」』）]|\Z)")
_COPULA = re.compile(
    r"\b(?:is|are|was|were|be|been|am|feel|feels|felt|seemed?|ist|sind|war|waren|est|sont|était|étaient|es|son|era|eran|"
    r"fue|está)\s+\Z",
    re.IGNORECASE,
)
_NO_PARTICIPLES = (
    "something|anything|everything|nothing|morning|evening|king|spring|string|thing|ring|wing|ceiling|during"
)
_STOPS = re.compile(r"\s*(?:[.,;:!?…]|\Z)")
# A sentence that would hang in the air without the one before it: “There was a light on. I knew I had turned it off.”
_LEANS_BACK = re.compile(
    r"\s+(?:(?:[\w’']+\s){0,5}(?:it|they|them)\b|it|its|they|them|that|this|these|those|not|nor|but|so|because|neither|both|one|another|there|here|"
    r"es|das|dies\w*|sie|aber|denn|nicht|cela|ce|c['’]|ils|elles|mais|eso|esto|ellos|ellas|pero|no)\b",
    re.IGNORECASE,
)
# “It was wide at first, and there were benches.” In a sentence with more commas it may be the end of a list.
_LAST_CLAUSE = re.compile(
    r"(?:\A|(?<=[.!?…]\s))[^,.;:!?…“”\"«»()—]+(?P<cut>,\s(?:and|but|so|und|aber|et|mais|y|pero)\b"
    r"[^,.;:!?…“”\"«»()—]*)(?=[.])"
)
# “A lantern with red glass, …”: what comes after its noun and runs to the next mark. After a participle (“a floor
# strewn with …”) it cannot be spared.
_WITH = re.compile(
    r"\b(?:a|an|the|his|her|its|their|my|our|your|each|every)(?:\s(?!(?:with|of)\b)[\w’'-]+){1,2}?"
    r"(?<!ed)(?<!ing)(?<!wn)(?<!nt)(?P<cut>\swith\s[^,.;:!?…“”\"«»()—]*)(?=[,.;])"
)
# “He looked at me as though …”, but not “it looked as though …”.
_AS_IF = re.compile(
    r"(?<!\blooked)(?<!\bseemed)(?<!\bsounded)(?<!\bfelt)(?<!\bwas)(?<!\bwere)(?<!\bis)(?<!\bare)(?<!\blook)(?<!\bseem)"
    r"(?<!\bacted)(?<!\bbehaved)(?<!,)(?P<cut>\sas\s(?:though|if)\s[^,.;:!?…“”\"«»()—]*)(?=[,.;])"
)


class _Lists(msgspec.Struct, frozen=True):
    fillers: tuple[str, ...]
    clauses: tuple[str, ...]
    openings: tuple[str, ...]


async def condensed(work: Work, unit: str, following: str) -> tuple[list[str], str]:
    """`unit` with less in it, or as it is where nothing can be spared."""
    language = work.reading.language
    words = count_words(unit)
    text = _without_fillers(unit, language)
    work.show(text)
    while count_words(text) > words * _AIM:
        shorter = {cut: _without(text, cut) for cut in _cuts(text, language)}
        cuts = [
            cut
            for cut, rest in shorter.items()
            if count_words(rest) >= words * _LEAST and not lost_fact(text, rest, work.reading)
        ]
        if not cuts:
            break
        losses = {cut: await _loss(work, text, cut, following) for cut in cuts[:_MOST_TRIED]}
        text = shorter[min(losses, key=losses.__getitem__)]
        work.show(text)
    return [text], ""


def _without_fillers(unit: str, language: str) -> str:
    kept = [*dialogue_spans(unit), *(mark.span for mark in marks_in(unit))]
    needs_next, needed_by = _NEEDS_NEXT, _NEEDED_BY
    if language == "zh":
        needs_next, needed_by = _CHINESE_NEEDS_NEXT, _CHINESE_NEEDED_BY
    for match in reversed(list(_filler(language).finditer(unit))):
        cut = Span(*match.span())
        beside = not match[0].startswith(",")  # the words beside it, which commas part from it, need it not
        needed = beside and (
            needs_next.search(unit, max(0, cut.start - 24), cut.start) or needed_by.match(unit, cut.end)
        )
        predicate = _COPULA.search(unit, max(0, cut.start - 24), cut.start) and _STOPS.match(unit, cut.end)
        denied = _NEGATION.search(re.split(r"[,.;:!?…，。；]", unit[: cut.start])[-1])
        if not needed and not predicate and not denied and not any(span.overlaps(cut) for span in kept):
            unit = _without(unit, cut)
    return unit


def _cuts(text: str, language: str) -> Iterator[Span]:
    """What may be left out of `text`: a sentence that is not its first and that the next does not lean on, or a clause
    between two marks."""
    spoken = dialogue_spans(text)
    sentences = sentence_spans(text)
    if len(sentences) > 2:
        yield from (
            sentence
            for sentence in sentences[1:]
            if count_words(text[sentence.start : sentence.end]) >= _LEAST_SENTENCE
            and not any(speech.overlaps(sentence) for speech in spoken)
            and not _LEANS_BACK.match(text, sentence.end)
        )
    patterns = (
        _clause(language),
        _opening(language),
        *((_LAST_CLAUSE,) if language in _all_lists() else ()),
        *((_WITH, _AS_IF) if language == "en" else ()),
    )
    for match in chain.from_iterable(pattern.finditer(text) for pattern in patterns):
        clause = Span(*match.span("cut"))
        if match["cut"].startswith(",") and not _is_sentence(text[: clause.start], language):
            continue
        tells = _NEGATION.search(match[0]) or any(speech.overlaps(clause) for speech in spoken)
        if not tells and count_words(match[0]) <= _MOST_CLAUSE:
            yield clause


def _is_sentence(before: str, language: str) -> bool:
    """Whether what stands before a clause may stand alone: it has some words, and does not open like an adjunct."""
    start = re.split(r"[.!?…]\s", before)[-1].lstrip()
    return count_words(start) >= _LEAST_SENTENCE and not start.startswith(
        tuple(f"{word} " for word in _lists(language).openings)
    )


async def _loss(work: Work, text: str, cut: Span, following: str) -> float:
    """What the model would miss, in nats a word that is saved: what stood there told, and what comes after it relied
    on. A predictable stretch is missed least."""
    before = work.before + text[: cut.start]
    gone, rest = text[cut.start : cut.end], text[cut.end :].strip() or following
    told = -await work.likelihood(gone, before)
    relied = 0.0
    if rest:
        relied = await work.likelihood(rest, before + gone) - await work.likelihood(rest, before)
    return (told + 2 * relied) / max(count_words(gone), 1)


def _without(text: str, cut: Span) -> str:
    """`text` without `cut`, its white space and capitals mended."""
    before, gone, after = text[: cut.start], text[cut.start : cut.end], text[cut.end :]
    if not before.strip() or re.search(r"[.!?…][\"'”’»)]*\s*\Z", before):
        after = after.lstrip(" ,")
        # After an ellipsis a sentence may go on: “He waited… quietly, she left.”
        if gone.lstrip()[:1].isupper():
            after = after[:1].upper() + after[1:]
    if before.endswith(" ") and (not after or after[:1] in " ,.;:!?…"):
        before = before.rstrip(" ")
    return before + (after.lstrip(" ") if not before or before.endswith(" ") else after)


@cache
def _filler(language: str) -> re.Pattern[str]:
    words = sorted(_lists(language).fillers, key=len, reverse=True)
    joined = "|".join(re.escape(word) for word in words) or "(?!)"
    if language == "zh":
        return re.compile(f"(?:{joined})")
    # Between two commas it goes with both.
    return re.compile(rf"(?:,\s(?:{joined}),(?=\s)|(?<![\w’'-])(?:{joined})(?![\w’'-])(?:,(?=\s))?)", re.IGNORECASE)


@cache
def _clause(language: str) -> re.Pattern[str]:
    marks = "|".join(re.escape(word) for word in _lists(language).clauses)
    if not marks:
        return re.compile(r"(?P<cut>(?!))")
    participle = rf"|(?!(?:{_NO_PARTICIPLES})\b)\w+ing\b" if language == "en" else ""
    return re.compile(rf"(?P<cut>,\s(?:{marks}{participle})\b[^,.;:!?…“”\"«»()—]*(?:,(?=\s)|(?=[.;])))")


@cache
def _opening(language: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in _lists(language).openings)
    if not words:
        return re.compile(r"(?P<cut>(?!))")
    return re.compile(
        rf"(?:\A|(?<=[.!?…]\s))(?P<cut>(?:{words})\b[^,.;:!?…“”\"«»()—]*,\s)"
        r"(?!(?:and|or|but|et|ou|mais|y|o|pero)\b)(?=[^,;:]*[.!?…])"
    )


def _lists(language: str) -> _Lists:
    """What is known of `language`, which is nothing where it has no list: “in” opens a clause in Italian, too, but not
    one that can be spared."""
    return _all_lists().get(language) or _Lists((), (), ())


@cache
def _all_lists() -> dict[str, _Lists]:
    source = resources.files("lsp_writer.features.revision").joinpath("condensing.toml").read_bytes()
    return msgspec.toml.decode(source, type=dict[str, _Lists])
