"""Digits where a novel has words: "19 years". Times, dates, measures, money, numbers of houses and codes stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.numbers import in_words
from lsp_writer.prose.span import Span

# A number that counts what the next word names, or somebody's age at the end of a clause.
_COUNT = re.compile(
    r"(?P<before>\b[\w’'.]+,?\s+)?(?<![\w.,:;/\\$£€#№%°+=*(\[’'–—-])(?P<number>[1-9]\d?|100)"
    r"(?:(?=\s+(?P<what>[a-z]{2,})\b(?!\s*[/\d]))|(?=[.,;!?…](?:\s|[”’\"']|\Z)))"
)
_AGED = re.compile(
    r"\b(?:(?:I|you|he|she|we|they|(?!It|There|This|That|What)[A-Z]\w+)\s+(?:was|were|am|is|are|turned)"
    r"(?:\s+(?:only|just|now|nearly|almost))?"
    r"|aged?|age\s+of)\s+\Z"
)
# What a number follows that names a thing and does not count: "room 12 was", "on page 4 she", "in May 9 men".
_NAMED = word_set(
    """
    room rooms number numbers no nos nr page pages p pp chapter chapters line lines verse verses section sections part
    parts act scene volume vol book figure fig flight highway route motorway road gate platform track bus tram line
    level channel table bed cell unit apartment apt flat house floor storey ward version type class size day week year
    stage phase step box locker seat row lane pier dock bay berth car carriage division district zone precinct
    grade form deck station sector block plot lot item case exhibit article model mark mk unit group team squad
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """
)
# What follows a number that stands in digits by custom, or no thing at all: "at 6 in the morning", "5 km".
_NOT_COUNTED = word_set(
    """
    km kms m cm mm kg kgs g mg lb lbs oz ft in ml cl mph kph kmh hp cc kw kwh kv hz khz mhz ghz kb mb gb tb db cal mpg
    rpm psi am pm bc ad bce ce st nd rd th per percent cent cents pence pound pounds dollar dollars euro euros francs
    franc shilling shillings guinea guineas quid bucks rupees yen marks crowns degrees degree metres meters kilometres
    kilometers kilos grams grammes litres liters calibre caliber gauge million billion thousand hundred percentile
    and or to of the a an by at on from for with as is was were are be had has have that which who when where while
    if but so than then he she it they we you his her its their there this these those after before until till
    sharp today tonight tomorrow yesterday nor not into onto over under up down out off plus minus x
    """
)
# What may stand before a count where a sentence opens; any other capital is a name's: "Apollo 13 landed".
_OPENING = word_set(
    """
    i about after all almost and another at barely before but by exactly for from he her his in its just my nearly of
    only or our over perhaps she some than that the their then there these they those to we with within your
    """
)
# So many in one paragraph are a table, a letter's sums or a log.
_MANY = 4
_DIGITS = re.compile(r"\d+")


def numerals(reading: Reading) -> Iterator[Finding]:
    digits = _DIGITS.findall(reading.text)
    if not 0 < len(digits) < _MANY:
        return
    for match in _COUNT.finditer(reading.text):
        if not _is_written_out(reading, match):
            continue
        word = in_words(int(match["number"]))
        start = match.start("number")
        if _opens(reading, start):
            word = word.capitalize()
        yield Finding(
            Span(*match.span("number")),
            CritiqueKind.NUMERAL,
            f"“{match['number']}” stands in digits, and fiction has small numbers in words.",
            f"Try “{word}”.",
            (word,),
        )


def _opens(reading: Reading, start: int) -> bool:
    """Whether a sentence or a speech begins at `start`."""
    beginnings = (span.start for span in (*reading.sentences, *reading.dialogue) if span.start <= start)
    return any(not reading.text[beginning:start].strip("“‘\"' \n") for beginning in beginnings)


def _is_written_out(reading: Reading, match: re.Match[str]) -> bool:
    before = (match["before"] or "").strip(" \n,.’'")
    if match["what"] is None:
        return bool(_AGED.search(reading.text, max(match.start("number") - 40, 0), match.start("number")))
    if match["what"] in _NOT_COUNTED or before.lower() in _NAMED:
        return False
    return not before[:1].isupper() or before.lower() in _OPENING
