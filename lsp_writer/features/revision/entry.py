"""One rewrite of the catalogue: what it takes, what the model is told, and what its answer must be like.

An entry is a TOML file, shipped or a writer's own. It is data only: it names no code and no file, and the worst that it
can do is to ask the model for a bad text.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from lsp_writer.errors import InvalidRequest

Group = Literal["style", "craft", "grammar", "invention", "own"]
#: What is read where nothing is selected. `selection`: nothing may be; `caret`: what stands before the caret is read,
#: whatever is selected, and nothing is replaced.
Takes = Literal["selection", "sentence", "paragraph", "scene", "caret"]
#: `replace` what was read, `insert` a text after it, or offer `alternatives`, one of which is inserted after it.
Does = Literal["replace", "insert", "alternatives"]
#: What the answer looks like: running text, lines that stay apart, or a list whose items are the alternatives.
Form = Literal["prose", "lines", "list"]
#: How much the model is shown at once: a few sentences, a paragraph, or all of what is read.
AtOnce = Literal["sentences", "paragraph", "whole"]
#: A way of this program's own that is faithful by construction, and goes before the model's.
Way = Literal["expand", "condense", "copy-edit", "respell", "continue"]
Language = Literal["en", "de", "fr", "es", "zh"]

#: A file longer than this is none of ours.
LONGEST_FILE = 64 * 1024
#: The longest instruction, in characters. A model of two thousand tokens has to read the passage as well.
LONGEST_INSTRUCTION = 2000

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
# Unicode's categories of control and formatting characters, of halves of a pair, and of the two separators of lines.
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Of these, Persian and the Indic scripts need the first two, and emoji the second.
_JOINERS = "\u200c\u200d"

# What looks like a place for something.
_BRACED = re.compile(r"\{\w+\}")
# How faults are told by msgspec, and how here. A language is the only key that is one of a few.
_THEIR_WORDS = (
    ("Object missing required field", "it lacks"),
    ("Object contains unknown field", "there is no setting called"),
    (r"Invalid enum value '(\w*)' - at `key`", rf"“\1” is not among the languages {', '.join(get_args(Language))}"),
    (r"(?: - at)? `\$`", ""),
    (r"`\$\.", "`"),
)

Instruction = Annotated[str, Meta(min_length=1, max_length=LONGEST_INSTRUCTION)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passage and what is to become of it. Shown to the model only beside a passage in the same language."""

    passage: Annotated[str, Meta(min_length=1, max_length=LONGEST_INSTRUCTION)]
    result: Annotated[str, Meta(min_length=1, max_length=LONGEST_INSTRUCTION)]
    language: Language = "en"


class Length(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a result may be: in words for each word that was read, and in words."""

    least_share: Annotated[float, Meta(ge=0.0, le=5.0)] = 0.0
    most_share: Annotated[float, Meta(gt=0.0, le=10.0)] | None = None
    least_words: Annotated[int, Meta(ge=0, le=2000)] = 1
    most_words: Annotated[int, Meta(ge=1, le=2000)] | None = None


class Keeps(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the passage has to be in the result. What is asked for in `Becomes` need not be said here."""

    names: bool = True
    numbers: bool = True
    #: What is said between quotation marks, word for word.
    quotations: bool = True
    #: Emphasis, links, footnotes.
    marks: bool = True
    tense: bool = True
    viewpoint: bool = True
    spelling: bool = True
    #: If not, the result must be in another, where only numbers in digits can be known again.
    language: bool = True
    #: The least share of the passage's telling words that must come back.
    words: Share = 0.3
    #: Whether the passage must still be readable from the result, by the model's own judgement.
    meaning: bool = True


class Becomes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the result must be where that is what was asked for."""

    tense: Literal["past", "present"] | None = None
    viewpoint: Literal["first", "third"] | None = None
    spelling: Literal["british", "american"] | None = None
    #: `none`: what is said is told without quotation marks.
    dialogue: Literal["none"] | None = None


class How(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the model chooses its words; see `generation.Sampling`."""

    temperature: Annotated[float, Meta(ge=0.0, le=2.0)] = 0.7
    top_p: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.9
    min_p: Share = 0.05
    repetition_penalty: Annotated[float, Meta(ge=1.0, le=2.0)] = 1.0
    dry: Annotated[float, Meta(ge=0.0, le=5.0)] = 0.8
    xtc: Share = 0.0
    xtc_threshold: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.1
    #: Runs of so many words of the narration are discouraged, so that it is told anew and not copied; 0: none. A model
    #: of 1.8 billion parameters otherwise copies 60 of 61 words of a passage that it is to retell.
    fresh: Annotated[int, Meta(ge=0, le=20)] = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rewrite. Its id is the name of its file."""

    title: Annotated[str, Meta(min_length=1, max_length=60)]
    group: Group = "own"
    takes: Takes = "paragraph"
    does: Does = "replace"
    form: Form = "prose"
    at_once: AtOnce = "paragraph"
    way: Way | None = None
    #: Whether the model writes, too. False where the way alone does it all.
    model_writes: bool = True
    #: A question for the writer, whose answer stands for `{answer}` in the instruction.
    asks: Annotated[str, Meta(max_length=120)] = ""
    #: What the answer is where none was given.
    answer: Annotated[str, Meta(max_length=200)] = ""
    #: What the model is told, by language of the passage; a passage in any other language gets the English one.
    instructions: dict[Language, Instruction]
    examples: Annotated[tuple[Example, ...], Meta(max_length=6)] = ()
    #: Whether the model is shown the story. One that is to begin another only goes on with it.
    shows_story: bool = True
    #: How the answer begins, where that helps the model to begin it.
    opening: Annotated[str, Meta(max_length=80)] = ""
    length: Length = Length()
    keeps: Keeps = Keeps()
    becomes: Becomes = Becomes()
    #: Above this likeness, by words in order, a result is a copy.
    most_alike: Share = 0.9
    sampling: How = How()
    id: str = ""

    def instruction(self, language: str, answer: str = "") -> str:
        """What the model is told about a passage in `language`, with the writer's `answer` in its place."""
        spoken = {str(name): text for name, text in self.instructions.items()}
        told = spoken.get(language) or spoken.get("en") or next(iter(spoken.values()))
        return told.replace("{answer}", " ".join((answer or self.answer).split()))


def is_unreadable(character: str) -> bool:
    """Whether `character` shows nothing by itself, or turns what stands beside it around."""
    return unicodedata.category(character) in _UNREADABLE and character not in _JOINERS


def read_entry(file: Path) -> Entry:
    """The entry in `file`. Raises InvalidRequest, which names the file and the fault."""
    name = file.stem
    if not _ID.match(name):
        raise InvalidRequest(f"{file} was ignored: a rewrite's file is named in small letters, digits and hyphens.")
    if not file.is_file():  # a pipe would be waited for
        raise InvalidRequest(f"{file} was ignored: it is not a file.")
    try:
        with file.open("rb") as source:
            content = source.read(LONGEST_FILE + 1)
    except OSError as error:
        raise InvalidRequest(f"{file} was ignored: it cannot be read ({error.strerror}).") from error
    if len(content) > LONGEST_FILE:
        raise InvalidRequest(f"{file} was ignored: it is longer than {LONGEST_FILE // 1024} KB.")
    try:
        entry = msgspec.toml.decode(content.decode("utf-8-sig"), type=Entry)
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{file} was ignored: it is not UTF-8 text. Save it as UTF-8.") from error
    except RecursionError as error:
        raise InvalidRequest(f"{file} was ignored: it has lists in lists without end.") from error
    except msgspec.DecodeError as error:
        raise InvalidRequest(f"{file} was ignored: {_in_words(str(error))}.") from error
    if entry.id:
        raise InvalidRequest(f"{file} was ignored: its id is the name of the file, and is not set inside.")
    if contradiction := _contradiction(entry):
        raise InvalidRequest(f"{file} was ignored: {contradiction}.")
    return msgspec.structs.replace(entry, id=name)


def _in_words(fault: str) -> str:
    """A fault in a file without the parser's own terms."""
    for theirs, ours in _THEIR_WORDS:
        fault = re.sub(theirs, ours, fault)
    return fault


def _contradiction(entry: Entry) -> str:
    """What in `entry` cannot be together, and what would do, as a sentence without its full stop; empty if all can."""
    length, told_to = entry.length, entry.instructions.values()
    faults = (
        (
            # A copy-edit asks the model for a copy whatever else it may write.
            not entry.instructions and (entry.model_writes or entry.way == "copy-edit"),
            'it has no [instructions]. Write one as en = "…"',
        ),
        (not entry.title.strip(), "its title is blank"),
        (
            any(_BRACED.search(told.replace("{answer}", "")) for told in told_to),
            "in an instruction only {answer} stands for something",
        ),
        (
            not entry.asks and any("{answer}" in told for told in told_to),
            'its instruction has {answer}, and it asks nothing. Write a question as asks = "…"',
        ),
        (not all(told.strip() for told in entry.instructions.values()), "it has a blank instruction"),
        (
            any(map(is_unreadable, entry.title)),
            "its title is to be one line, without control characters",
        ),
        (entry.takes == "caret" and entry.does == "replace", 'takes = "caret" needs does = "insert" or "alternatives"'),
        (entry.form == "list" and entry.does != "alternatives", 'form = "list" needs does = "alternatives"'),
        (
            entry.way == "continue" and (entry.takes != "caret" or entry.does != "insert"),
            'way = "continue" needs takes = "caret" and does = "insert"',
        ),
        (
            entry.way not in (None, "continue") and entry.does != "replace",
            f'way = "{entry.way}" needs does = "replace"',
        ),
        (
            entry.way == "respell" and entry.becomes.spelling is None,
            'way = "respell" needs spelling = "british" or "american" under [becomes]',
        ),
        (not entry.shows_story and entry.takes != "caret", 'shows_story = false needs takes = "caret"'),
        (not entry.model_writes and entry.way is None, "model_writes = false needs a way"),
        (
            entry.takes == "caret" and bool(length.least_share or length.most_share),
            'takes = "caret" has no passage to be a share of. Say least_words and most_words instead',
        ),
        (length.least_share > (length.most_share or length.least_share), "least_share is more than most_share"),
        (length.least_words > (length.most_words or length.least_words), "least_words is more than most_words"),
    )
    return next((says for is_wrong, says in faults if is_wrong), "")
