"""Quotation marks that nothing closes or opens, and those that a mark of another kind closes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Paragraph, Story
from lsp_writer.prose.span import Span

_ANY = re.compile('[“”"„«»「」『』]')
_OPENED_BY = {"”": "“", '"': '"'}
_NEVER_NESTED = '“„"「'
_CLOSED_BY = {"“": "”", '"': '"', "„": "“”", "«": "»", "»": "«»", "「": "」", "『": "』"}
# A straight mark opens before a word and closes behind one; where its neighbours tell neither, what came before does.
_OPENS = re.compile(r"(?<![^\s(\[—–\-'‘`])\"(?=[\w'‘(\[—–…\-])")
_CLOSES = re.compile(r"(?<=\S)\"(?!\w)")
_FEET = re.compile(r"\d\s?['’′]\s?\d{1,2}\Z")
# Words that begin with an apostrophe, which an editor may have turned round; decades.
_ELIDED = (
    r"(?!(?i:t(?:is|was|were|will|would|ain|won)|(?:em|cause|til|bout|round|n|cept|neath|pon|course|ave|e|deed|nuff"
    r"|frisco|gainst|fore|mongst|tween|stead|scuse|low)\b)|\d)"
)
# Inside a speech ‘low and ‘rithmetic are turned round as often as a quotation is left open, which begins large.
_INNER = re.compile(rf"(?<![\w’'])‘{_ELIDED}(?=[A-Z])|(?<=[,:]\s)'{_ELIDED}(?=[A-Z])")
_SINGLE_END = re.compile(r"[’'](?!\w)")
_OUTER = re.compile(rf"\s*(?P<mark>[‘`]){_ELIDED}(?=\w)")
_TAKES_UP = re.compile(r"\s*['‘`]?(?P<mark>[“\"„«»「『‘`])")
# A speech that goes on in the next paragraph does not end so.
_TAG_LAST = re.compile(
    r"[,!?]\s(?:(?:he|she|I|they)\s(?:said|asked)|(?:said|asked)\s(?:he|she|I|they|[A-Z]\w+))\.?\s*\Z"
)
# A tag in a speech that opens with a single mark and never closes: verse and letters have none.
_TAG = re.compile(r"[,.!?]\s(?:he|she|I|they)\s(?:said|asked)\b|[,.!?]\s(?:said|asked)\s(?:he|she|I|they|[A-Z]\w+)\b")
# A mark behind a word opens no speech but a title or a word in one; and a letter's signature or salutation may follow
# its text in the same line.
_NESTED = re.compile(r"[\w’']\s+\Z")
_LETTER = re.compile(r".['‘]?[A-Z]{2}")
# So many paragraphs on, a mark may close what was opened and not taken up in the next, as a poem's stanzas are.
_FAR = 12
# A speech of no letter has no inner mark.
_SHORTEST = 3


class _Mark(NamedTuple):
    """A quotation mark and its place in the paragraph."""

    character: str
    at: int


class _Slip(NamedTuple):
    """A mark that is wrong, why, what to try, and the mark that should stand there, if one should."""

    at: int
    kind: Literal["unopened", "unclosed", "left open", "mixed"]
    reason: str
    suggestion: str
    fix: str = ""


def quotation_marks(story: Story) -> Iterator[Finding]:
    """A speech that the next paragraph takes up, opening with a mark again, may stay open."""
    paragraphs = [paragraph for paragraph in story.paragraphs if paragraph.reading.words]
    curly, straight = (sum(mark in paragraph.reading.text for paragraph in paragraphs) for mark in ("“", '"'))
    # Nobody goes on speaking in the next scene.
    last = {scene[-1].start for scene in story.scenes}
    left_open: list[tuple[int, Finding]] = []
    for index, (paragraph, following) in enumerate(zip_longest(paragraphs, paragraphs[1:])):
        after = following.reading.text if following and paragraph.start not in last else ""
        for slip in sorted(_slips(paragraph.reading, after, is_curly=curly >= straight)):
            if slip.kind == "unopened" and left_open and index - left_open[-1][0] <= _FAR:
                left_open = [(opened, finding) for opened, finding in left_open if index - opened > _FAR]
            elif slip.kind == "left open":
                left_open.append((index, _finding(paragraph, slip)))
            else:
                yield _finding(paragraph, slip)
    yield from (finding for _, finding in left_open)


def _finding(paragraph: Paragraph, slip: _Slip) -> Finding:
    span = paragraph.placed(Span(slip.at, slip.at + 1))
    fixes = (slip.fix,) if slip.fix else ()
    return Finding(span, CritiqueKind.QUOTATION_MARK, slip.reason, slip.suggestion, fixes)


def _slips(reading: Reading, following: str, *, is_curly: bool) -> Iterator[_Slip]:
    yield from _outer_slips(reading.text, following, is_curly=is_curly)
    yield from _inner_slips(reading)
    yield from _single_slips(reading.text)


def _outer_slips(text: str, following: str, *, is_curly: bool) -> Iterator[_Slip]:
    """Marks that open once too often or too seldom, and the odd one of two that should be a pair."""
    marks = _marks_in(text)
    opened: _Mark | None = None
    nested = 0
    for index, mark in enumerate(marks):
        if opened is None:
            if _opens(text, mark):
                opened = mark
            elif mark.character in '"”' and not text[mark.at - 1 : mark.at].isdigit():
                yield _unopened(mark)
        elif mark.character in _CLOSED_BY[opened.character] and _closes(text, mark):
            opened, nested = (opened, nested - 1) if nested else (None, 0)
        elif mark.character == opened.character and mark.character in _NEVER_NESTED:
            if _NESTED.search(text, max(mark.at - 3, 0), mark.at):
                nested += 1
                continue
            yield from _left_behind(text, opened, mark)
            opened, nested = mark, 0
        elif _is_odd_pair(text, opened, marks[index - 1 : index + 2]):
            yield _mixed(opened, mark, is_curly=is_curly)
            opened = None
    if opened and not _is_taken_up(text, opened, following):
        yield _unclosed(opened, "left open")


def _marks_in(text: str) -> list[_Mark]:
    marks = [_Mark(match[0], match.start()) for match in _ANY.finditer(text)]
    return [mark for mark in marks if mark.character != '"' or not _FEET.search(text, max(mark.at - 6, 0), mark.at)]


def _opens(text: str, mark: _Mark) -> bool:
    if mark.character == '"':
        return bool(_OPENS.match(text, mark.at)) or not _CLOSES.match(text, mark.at)
    if mark.character == "»":
        return not text[: mark.at].strip() or text[mark.at - 1 : mark.at] in {" ", "—", "("}
    return mark.character in _CLOSED_BY


def _closes(text: str, mark: _Mark) -> bool:
    return mark.character != '"' or bool(_CLOSES.match(text, mark.at)) or not _OPENS.match(text, mark.at)


def _is_odd_pair(text: str, opened: _Mark, around: Sequence[_Mark]) -> bool:
    """Whether the middle one of three marks closes what a mark of another kind opened, and is no quotation within."""
    before, mark, *after = around
    if opened.character in "“„" and mark.character == '"':
        return bool(_CLOSES.match(text, mark.at)) and before == opened and not (after and after[0].character in '”"')
    return opened.character == '"' and mark.character == "”" and before == opened


def _mixed(opened: _Mark, closing: _Mark, *, is_curly: bool) -> _Slip:
    """The mark of the two that the story has less of."""
    odd = opened if (opened.character == '"') == is_curly else closing
    fix = {opened: _OPENED_BY, closing: _CLOSED_BY}[odd][(closing if odd is opened else opened).character][0]
    return _Slip(
        odd.at, "mixed", "A curly and a straight quotation mark make no pair.", f"Try {fix} for {odd.character}.", fix
    )


def _left_behind(text: str, opened: _Mark, again: _Mark) -> Iterator[_Slip]:
    """The mark that is open when another opens, unless each line of a poem or a letter opens with one."""
    if "\n" not in text[opened.at : again.at] and not _LETTER.match(text, again.at):
        yield _unclosed(opened)


def _unopened(mark: _Mark) -> _Slip:
    return _Slip(mark.at, "unopened", "Nothing opens what this mark closes.", "Try a mark where the speech begins.")


def _unclosed(opened: _Mark, kind: Literal["unclosed", "left open"] = "unclosed") -> _Slip:
    return _Slip(opened.at, kind, "Nothing closes this quotation mark.", "Try a mark where the speech ends.")


def _is_taken_up(text: str, opened: _Mark, following: str) -> bool:
    """Whether `following` goes on with the speech that is left open in `text`."""
    takes_up = _TAKES_UP.match(following)
    if takes_up is None or _TAG_LAST.search(text, opened.at):
        return False
    return takes_up["mark"] in {opened.character, _CLOSED_BY[opened.character][0]}


def _inner_slips(reading: Reading) -> Iterator[_Slip]:
    for speech in reading.dialogue:
        text = reading[speech]
        if text[0] not in '“"' or len(text) < _SHORTEST or text[-1] not in '”"':
            continue
        for inner in _INNER.finditer(text, 1):
            at = speech.start + inner.start()
            # Not in the speech alone, which a title quoted in it may have ended too soon.
            if not _SINGLE_END.search(reading.text, speech.start + inner.end()):
                yield _Slip(
                    at, "unclosed", "The speech ends before this inner mark is closed.", "Try a mark where it ends."
                )
                break


def _single_slips(text: str) -> Iterator[_Slip]:
    """A paragraph that opens with a single mark and has a tag but no mark that could close it."""
    opened = _OUTER.match(text)
    if opened and _TAG.search(text) and not _SINGLE_END.search(text, opened.end()):
        yield _unclosed(_Mark(opened["mark"], opened.start("mark")))
