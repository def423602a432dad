"""Findings by kind: what the critiques would say about the whole book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.wanted import Wishes, wanted
from lsp_writer.features.file_settings import critique_for
from lsp_writer.features.report.book import Book, Source, book_of
from lsp_writer.features.report.charts import bars
from lsp_writer.features.report.section import Section, Table, counted
from lsp_writer.prose.front_matter import switches
from lsp_writer.settings import CritiqueSettings

_LONGEST_EXAMPLE = 60
_TITLE = "Findings by kind"
_OFF = "Critiques are switched off, in the settings or in the text's front matter, so nothing was looked for."
_MEASURED = (
    "The critiques that hover over a sentence, by rule, over the whole book; which there are is in "
    "docs/critiques.md. A finding is worth a look, and not an error."
)
_NOT_PROOFREAD = (
    " Grammar and spelling were left out: the option “proofread” has them looked at, and takes a minute longer."
)


class Found(msgspec.Struct, frozen=True):
    """How often the critiques found something of a kind, and the first of it."""

    kind: CritiqueKind
    times: int
    example: str


def findings(
    book: Book, wishes: Wishes, *, proofread: bool, tell: Callable[[int], None] = lambda _: None
) -> tuple[Found, ...]:
    """The most frequent first, of what the writer wants to hear of, each file by its own front matter. `tell` hears how
    many of the book's files are done. With `proofread`, 40 to 70 s for 100,000 words."""
    critic = Critic()
    times: Counter[CritiqueKind] = Counter()
    examples: dict[CritiqueKind, str] = {}
    for number, source in enumerate(book.sources, 1):
        own = _settings(source, wishes)
        found = critic.in_story(source.manuscript, slow=proofread) if own.enabled else []
        for finding in wanted(found, source.manuscript, msgspec.structs.replace(wishes, settings=own)):
            times[finding.kind] += 1
            quoted = source.manuscript.text.slice(finding.span.start, finding.span.end)
            examples.setdefault(finding.kind, _shortened(quoted))
        tell(number)
    return tuple(Found(kind, number, examples[kind]) for kind, number in times.most_common())


def heard(book: Book, wishes: Wishes) -> Book | None:
    """What of `book` critiques are on for, by the front matter of its files before the settings; None: no prose."""
    on = [source for source in book.sources if _settings(source, wishes).enabled]
    if len(on) == len(book.sources):
        return book
    part = book_of(book.title, on) if on else None
    return part if part is not None and part.words else None


def findings_section(book: Book, found: Sequence[Found], of: Book | None, *, proofread: bool) -> Section:
    """`found` in `of`, which is what `heard` says of `book`."""
    if of is None:
        return Section(id="findings", title=_TITLE, meaning=_OFF, measured=_MEASURED)
    silent = len(book.sources) - len(of.sources)
    left_out = f" Critiques are switched off in {silent:,} of {len(book.sources):,} files, which are left out."
    return _found_section(of, found, left_out if silent else "", proofread=proofread)


def _found_section(book: Book, found: Sequence[Found], left_out: str, *, proofread: bool) -> Section:
    section = Section(
        id="findings",
        title=_TITLE,
        meaning=f"The critiques have nothing to say: a good sign.{left_out}",
        measured=_MEASURED if proofread or book.language != "en" else _MEASURED + _NOT_PROOFREAD,
    )
    if not found:
        return section
    total = sum(one.times for one in found)
    most = found[0]
    meaning = (
        f"{counted(total, 'finding')}, {1000 * total / book.words:.1f} in 1,000 words; the most frequent is "
        f"“{_named(most.kind)}” ({most.times:,}), first at “{most.example}”.{left_out}"
    )
    chart = bars(
        "findings", [(_named(one.kind), one.times) for one in found], "How many findings there are of each kind."
    )
    rows = tuple((_named(one.kind), one.times, round(1e4 * one.times / book.words, 1), one.example) for one in found)
    table = Table(("Kind", "Times", "In 10,000 words", "The first"), rows)
    return msgspec.structs.replace(section, meaning=meaning, chart=chart, table=table)


def _settings(source: Source, wishes: Wishes) -> CritiqueSettings:
    return critique_for(wishes.settings, switches(source.manuscript))


def _named(kind: CritiqueKind) -> str:
    return kind.value.replace("-", " ")


def _shortened(quoted: str) -> str:
    text = " ".join(quoted.split())
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE].rstrip()}…"
