"""`complete`, `critique` and `rewrite`: the features on a file."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import nullcontext
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lsp_writer.cli.manuscript_file import ManuscriptFile
from lsp_writer.cli.silence import silence_for
from lsp_writer.cli.word_diff import changed_paragraphs, plain_word_diff, word_diff
from lsp_writer.composition import model_megabytes, running_model
from lsp_writer.errors import InvalidRequest
from lsp_writer.features.continuation import Continuation
from lsp_writer.features.critiques.critic import Critic, placed
from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.review import asks_model, by_model
from lsp_writer.features.critiques.story import Paragraph, shown
from lsp_writer.features.critiques.wanted import Wishes, wanted
from lsp_writer.features.drafting import NothingToSuggest
from lsp_writer.features.file_settings import critique_for, settings_for
from lsp_writer.features.revision.cliches import cliches
from lsp_writer.features.revision.commission import Commission, Progress, brief
from lsp_writer.features.revision.library import USER_FOLDER, WORKSPACE_FOLDER, Library, library
from lsp_writer.features.revision.pass_rates import needs_larger
from lsp_writer.features.revision.revise import revise
from lsp_writer.features.revision.target import target_of
from lsp_writer.features.word_choice import choose_words
from lsp_writer.generation import TextModel
from lsp_writer.prose.front_matter import switches
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.span import Span
from lsp_writer.settings import CritiqueSettings, MachineSettings, Settings, user_settings_file

_SHOWN_BEFORE = 60
# Of a long finding so many characters at either end.
_SHOWN_END = 60


async def complete(file: Path, at: str, machine: MachineSettings, *, as_json: bool) -> None:
    """Print what goes on from the caret at `at`, behind the end of its line, and the words of the menu: all that a
    writer gets who asks, likely or not."""
    manuscript = ManuscriptFile.read(file).manuscript()
    offset = _offset(manuscript, at)
    async with running_model(machine) as model:
        continuation = Continuation(model)
        settings = settings_for(Settings(), switches(manuscript))
        answer = await continuation.suggest(manuscript, offset, settings, invoked=True)
        choice = await choose_words(continuation, manuscript, offset, settings)
    words = [word.text for word in choice.words]
    if isinstance(answer, NothingToSuggest):
        text, reason = "", answer.reason
    else:
        text, reason = answer[0].text[len(answer[0].replaces) :], ""
    if as_json:
        _print_json({"text": text, "reason": reason, "words": words})
        return
    console = Console(soft_wrap=True, highlight=False)
    before = manuscript.text.slice(manuscript.text.line_start(manuscript.text.line_at(offset)), offset)
    if len(before) > _SHOWN_BEFORE:
        before = "…" + before[-_SHOWN_BEFORE:].partition(" ")[2]
    # Where there is no grey, a bar stands for the caret.
    caret = "" if console.is_terminal else "|"
    console.print(escape(before) + (f"{caret}[dim italic]{escape(text)}[/]" if text else f"   ({reason})"))
    console.print("Words: " + escape(", ".join(words) or "none"))


async def critique(file: Path, settings: CritiqueSettings, machine: MachineSettings, *, as_json: bool) -> None:
    """Print the findings of every sentence that the writer wants to hear of. The model is loaded only for what it alone
    can say."""
    manuscript = ManuscriptFile.read(file).manuscript()
    wishes = _wishes(file, manuscript, settings)
    console = Console(highlight=False, soft_wrap=True)
    found: list[dict[str, object]] = []
    async with running_model(machine) if asks_model(wishes.settings) else nullcontext() as model:
        for finding in await _findings(model, manuscript, wishes):
            line = manuscript.text.line_at(finding.span.start)
            column = finding.span.start - manuscript.text.line_start(line) + 1
            quoted = manuscript.text.slice(finding.span.start, finding.span.end)
            found.append({**msgspec.to_builtins(finding), "line": line + 1, "column": column, "text": quoted})
            if not as_json:
                console.print(f"[bold]{line + 1}:{column}[/] [cyan]{finding.kind}[/] “{escape(_shortened(quoted))}”")
                console.print(f"    {escape(finding.reason)} [italic]{escape(finding.suggestion)}[/]")
    if as_json:
        _print_json({"findings": found})
    else:
        nothing = (
            "Nothing to say: a good sign." if wishes.settings.enabled else "Its front matter switches critiques off."
        )
        console.print(f"{len(found)} finding{'s' * (len(found) > 1)}" if found else nothing)


def _wishes(file: Path, manuscript: Manuscript, settings: CritiqueSettings) -> Wishes:
    """`settings` as the file's front matter has them, and the lists of the writer and of the folder that it is in."""
    return Wishes(critique_for(settings, switches(manuscript)), silence_for(file))


async def _findings(model: TextModel | None, manuscript: Manuscript, wishes: Wishes) -> list[Finding]:
    """Everything that is worth a look, in order: what the rules find, Harper's included, and what the model does."""
    if not wishes.settings.enabled:
        return []
    critic = Critic()
    found = await asyncio.to_thread(critic.in_story, manuscript, slow=True)
    if model is not None:
        found += [finding async for finding in _of_model(model, manuscript, critic)]
    return sorted(wanted(found, manuscript, wishes), key=lambda finding: finding.span)


async def _of_model(model: TextModel, manuscript: Manuscript, critic: Critic) -> AsyncIterator[Finding]:
    for span in paragraphs_in(manuscript, Span(0, len(manuscript.text))):
        paragraph = Paragraph(span.start, critic.read(shown(manuscript, span)))
        for sentence in paragraph.reading.sentences:
            of_model = await by_model(model, manuscript, paragraph, sentence)
            here = ((paragraph, finding) for finding in of_model if finding.span.overlaps(sentence))
            for finding in placed(manuscript, here):
                yield finding


def _shortened(quoted: str) -> str:
    """What is found, on one line; of a long passage its ends."""
    text = " ".join(quoted.split())
    return text if len(text) <= 2 * _SHOWN_END else f"{text[:_SHOWN_END]} … {text[-_SHOWN_END:]}"


class Rewriting(NamedTuple):
    """What was asked of `rewrite`."""

    style: str
    lines: str
    answer: str
    seed: int
    alternatives: int
    write: bool


async def rewrite(file: Path, asked: Rewriting, machine: MachineSettings) -> None:
    """Print the rewrite of some lines as a diff by words, and further alternatives after it; with `write`, put the
    first into the file."""
    entry, answer = _library().find(asked.style), brief(asked.answer)
    if entry.asks and not (answer or entry.answer):
        raise InvalidRequest(f"“{entry.title}” has a question: {entry.asks} Give its answer with --answer.")
    manuscript_file = ManuscriptFile.read(file)
    manuscript = manuscript_file.manuscript()
    target = target_of(manuscript, _line_span(manuscript, asked.lines), entry)
    if target is None:
        raise InvalidRequest("There is no prose to rewrite in these lines. Choose others with --lines.")
    commission = Commission(
        entry=entry,
        answer=answer,
        seed=asked.seed,
        alternatives=asked.alternatives,
        discouraged=cliches(user_settings_file().parent),
    )
    async with running_model(machine) as model:
        title = escape(entry.title)
        if needs_larger(entry, model_megabytes(machine)):
            Console(stderr=True).print(f"“{title}” needs a larger model than yours (docs/models.md).", style="dim")
        with Console(stderr=True).status(f"{title} …") as status:

            def show(progress: Progress) -> None:
                status.update(f"{title} … {escape(progress.text[-_SHOWN_BEFORE:].strip())}")

            revised = await revise(model, manuscript, target, commission, show)
    console = Console(soft_wrap=True, highlight=False)
    for number, alternative in enumerate(revised.alternatives):
        if number:
            console.rule()
        _print_difference(console, manuscript, target.place, alternative.text)
    if revised.note:
        Console(stderr=True).print(f"A part stayed as it was: {revised.note}.", style="dim", markup=False)
    if asked.write:
        text = revised.alternatives[0].text
        manuscript_file.replace(str(manuscript.text.replace(target.place.start, target.place.end, text)))
        Console(stderr=True).print(f"Written to {file}.", style="dim", markup=False)


def _print_difference(console: Console, manuscript: Manuscript, place: Span, new: str) -> None:
    """What `new` would change at `place`: of several paragraphs only those that are other ones then."""
    old = manuscript.text.slice(place.start, place.end)
    for at, before, after in changed_paragraphs(old, new):
        if before != old:
            console.print(f"line {manuscript.text.line_at(place.start + at) + 1}:", style="cyan")
        if console.is_terminal:
            console.print(word_diff(before, after))
        else:
            console.print(plain_word_diff(before, after), markup=False)


def list_rewrites(machine: MachineSettings) -> None:
    """Print the catalogue."""
    console = Console(highlight=False)
    megabytes = model_megabytes(machine)
    table = Table("id", "what it does", "group", "takes", "on your model", box=None)
    larger = [(needs_larger(entry, megabytes), entry) for entry in _library().entries.values()]
    for is_larger, entry in sorted(larger, key=itemgetter(0)):
        mark = "needs a larger model" if is_larger else ""
        table.add_row(entry.id, escape(entry.title), entry.group, entry.takes, mark)
    console.print(table)


def _library() -> Library:
    """The shipped rewrites, the writer's own, and those that the folder adds that the command is given in."""
    folder = Path.cwd().resolve()
    added = (folder / WORKSPACE_FOLDER).resolve()
    inside = [added] if added.is_relative_to(folder) else []
    found, problems = library([user_settings_file().parent / USER_FOLDER], inside)
    for problem in problems:
        Console(stderr=True).print(problem, markup=False)
    return found


def _offset(manuscript: Manuscript, at: str) -> int:
    match = re.fullmatch(r"(\d+):(\d+)", at)
    if not match:
        raise InvalidRequest(f"“{at}” is not a place in the text. Write it as LINE:COLUMN, for example 12:40.")
    line, column = int(match[1]) - 1, int(match[2]) - 1
    if not 0 <= line < manuscript.text.line_count or column < 0:
        raise InvalidRequest(f"The text has lines 1 to {manuscript.text.line_count}. Choose one of them.")
    return manuscript.text.line_start(line) + min(column, len(manuscript.text.line(line).rstrip("\r\n")))


def _line_span(manuscript: Manuscript, lines: str) -> Span:
    text = manuscript.text
    if not lines:
        return Span(0, len(text))
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", lines)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= text.line_count:
        raise InvalidRequest(f"“{lines}” are no lines of this text. Write FIRST-LAST between 1 and {text.line_count}.")
    end = text.line_start(last - 1) + len(text.line(last - 1).rstrip("\r\n"))
    return Span(text.line_start(first - 1), end)


def _print_json(answer: object) -> None:
    print(json.dumps(answer, ensure_ascii=False))  # noqa: T201 - the answer itself goes to standard output
