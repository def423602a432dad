"""`report`: a page on a whole book."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from lsp_writer.cli.silence import silence_for
from lsp_writer.composition import running_model
from lsp_writer.errors import ModelUnavailable
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.features.report.book import Source
from lsp_writer.features.report.charts import require_plots
from lsp_writer.features.report.files import REPORT_FILE, require_free, sources_of, title_of, write_report
from lsp_writer.features.report.report import Measured, Tell, finish, measure
from lsp_writer.features.report.surprisal import Surprise, surprises
from lsp_writer.settings import MachineSettings

_NOT_ASKED = "The language model was not asked, so this chart is left out."


async def report(path: Path, out: Path | None, machine: MachineSettings, *, with_model: bool, proofread: bool) -> None:
    """Write the report on the book at `path`, a file or a folder, and print where it is."""
    require_plots()
    sources, title = _read(path)
    file = out or _place(path)
    require_free(file)
    wishes = Wishes(silence=silence_for(path))
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading")

        def tell(doing: str, done: int, of: int) -> None:
            progress.update(task, description=doing, completed=done, total=of)

        measured = await asyncio.to_thread(measure, title, sources, wishes, proofread=proofread, tell=tell)
        found, missing = await _surprises(measured, machine, tell) if with_model else ((), _NOT_ASKED)
        page = await asyncio.to_thread(finish, measured, found, missing, tell)
    write_report(file, page)
    Console(soft_wrap=True, highlight=False).print(str(file), markup=False)


def _read(path: Path) -> tuple[tuple[Source, ...], str]:
    """The book, and its title. What is left out of it is told."""
    sources = sources_of(path)
    for unread in (source.unread for source in sources if source.unread):
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"Left out: {unread}", markup=False)
    return sources, title_of(sources, path.resolve().name if path.is_dir() else path.stem)


def _place(path: Path) -> Path:
    return (path if path.is_dir() else path.parent) / REPORT_FILE


async def _surprises(measured: Measured, machine: MachineSettings, tell: Tell) -> tuple[Sequence[Surprise], str]:
    """What the model says of the samples, or why it says nothing."""
    found: list[Surprise] = []
    if not measured.samples:
        return found, ""
    tell("Loading the model", 0, len(measured.samples))
    try:
        async with running_model(machine) as model:
            async for surprise in surprises(model, measured.book.title, measured.samples):
                found.append(surprise)
                tell("Asking the model", len(found), len(measured.samples))
    except ModelUnavailable as error:
        return (), f"There was no language model to ask, so this chart is left out. {error}"
    return found, "The language model did not answer, so this chart is left out."
