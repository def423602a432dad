"""The commands and their options."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from typer.core import TyperGroup

from lsp_writer import __version__
from lsp_writer.errors import InvalidRequest, WriterError
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.settings import CritiqueSettings, MachineSettings, read_machine_settings, user_settings_file

app = typer.Typer(
    help="A language server for writers of prose. Without a command it serves an editor on standard input and output.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Model = Annotated[str, typer.Option(help="The model's name or folder. Empty: the default model.")]
Device = Annotated[str, typer.Option(help="Where the model runs: auto, cpu or cuda.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    *,
    port: Annotated[int | None, typer.Option(help="Listen on this port of 127.0.0.1 instead, for debugging.")] = None,
    model: Annotated[str | None, typer.Option(help="The model's name or folder.")] = None,
    device: Annotated[str | None, typer.Option(help="Where the model runs: auto, cpu or cuda.")] = None,
    threads: Annotated[int | None, typer.Option(help="Processor threads for the model.")] = None,
    log_level: Annotated[
        str, typer.Option(help="debug, info, warning or error; debug may quote your text.")
    ] = "warning",
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Serve an editor, unless a command is given."""
    if version:
        typer.echo(f"lsp-writer {__version__}")
        raise typer.Exit
    if command := context.invoked_subcommand:
        with _errors_in_a_line():
            _hand_options_on(command, context)
        return
    from lsp_writer.composition import installed_models, make_model
    from lsp_writer.serve import serve as run_server

    level = logging.getLevelNamesMapping().get(log_level.upper())
    if level is None:
        raise typer.BadParameter("choose debug, info, warning or error", param_hint="--log-level")
    given = {"model": model, "device": device, "threads": threads}
    asked = {name: value for name, value in given.items() if value is not None}
    with _errors_in_a_line():
        raise typer.Exit(run_server(make_model, asked, list_models=installed_models, port=port, log_level=level))


@app.command()
def complete(
    file: File,
    at: Annotated[str, typer.Option(help="Where the caret is, as LINE:COLUMN from 1.")],
    *,
    model: Model = "",
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Print what may follow the caret: ghost text, and the words of the menu."""
    from lsp_writer.cli.writing import complete as run

    _run(run(file, at, _machine(model, device), as_json=as_json))


@app.command()
def critique(
    file: File,
    *,
    also: Annotated[list[CritiqueKind] | None, typer.Option(help="A kind of critique that is off by default.")] = None,
    model: Model = "",
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Print what is worth a look, sentence by sentence."""
    from lsp_writer.cli.writing import critique as run

    settings = msgspec.convert({"also": also or ()}, CritiqueSettings)
    _run(run(file, settings, _machine(model, device), as_json=as_json))


@app.command()
def rewrite(
    file: File,
    *,
    style: Annotated[str, typer.Option(help="Which rewrite, as lsp-writer rewrites lists them.")],
    lines: Annotated[str, typer.Option(help="Which lines, as FIRST-LAST from 1. Empty: all.")] = "",
    answer: Annotated[str, typer.Option(help="What the rewrite asks for: an instruction, a language.")] = "",
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Another seed gives another text.")] = 0,
    alternatives: Annotated[int, typer.Option(min=1, max=5, help="How many texts to choose from.")] = 1,
    write: Annotated[bool, typer.Option("--write", help="Write the new text into the file.")] = False,
    model: Model = "",
    device: Device = "auto",
) -> None:
    """Print a rewrite of some lines as a diff."""
    from lsp_writer.cli.writing import Rewriting
    from lsp_writer.cli.writing import rewrite as run

    asked = Rewriting(style, lines, answer, seed, alternatives, write)
    _run(run(file, asked, _machine(model, device)))


@app.command()
def rewrites(*, model: Model = "") -> None:
    """List the rewrites that there are, your own among them, those last that need a larger model than yours."""
    from lsp_writer.cli.writing import list_rewrites

    with _errors_in_a_line():
        list_rewrites(_machine(model, "auto"))


@app.command()
def report(
    path: Annotated[Path, typer.Argument(help="The book: a folder of .md, .markdown and .txt files, or one file.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Where to write the page. Else: report.html in the folder.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Leave out what the language model says.")] = False,
    proofread: Annotated[
        bool, typer.Option("--proofread", help="Look at grammar and spelling, too: a minute longer for a novel.")
    ] = False,
    model: Model = "",
    device: Device = "auto",
) -> None:
    """Write a page of charts on a whole book: rhythm, dialogue, pace, who is where, and more."""
    from lsp_writer.cli.report import report as run

    _run(run(path, out, _machine(model, device), with_model=not no_model, proofread=proofread))


@app.command()
def doctor(*, model: Model = "", device: Device = "auto", as_json: Json = False) -> None:
    """Look at everything the server needs, and name the mend of every fault."""
    from lsp_writer.cli.doctor import doctor as run

    raise typer.Exit(run(_machine(model, device), as_json=as_json))


@app.command()
def demo(*, as_json: Json = False) -> None:
    """Start the server as an editor does, write a sentence, and show what comes back."""
    from lsp_writer.cli.demo import demo as run

    raise typer.Exit(run(as_json=as_json))


def _machine(model: str, device: str) -> MachineSettings:
    given = {name: value for name, value in (("model", model), ("device", device)) if value not in ("", "auto")}
    machine, problems = read_machine_settings(given, None, user_settings_file())
    for problem in problems:
        typer.echo(problem, err=True)
    return machine


def _hand_options_on(command: str, context: typer.Context) -> None:
    """An option in front of a command counts as if it stood behind: an editor's `lsp-writer --model NAME` is asked for
    `doctor`, too. One that the command does not have would have no effect."""
    assert isinstance(context.command, TyperGroup)
    called = context.command.get_command(context, command)
    own = {parameter.name for parameter in called.params} if called else set()
    given = {}
    for name, value in context.params.items():
        source = context.get_parameter_source(name)
        if source is None or source.name != "COMMANDLINE":
            continue
        if name not in own:
            option = name.replace("_", "-")
            raise InvalidRequest(f"--{option} in front of “{command}” would have no effect. Leave it out.")
        given[name] = value
    context.default_map = {command: given}


def _run(work: Coroutine[Any, Any, None]) -> None:
    with _errors_in_a_line():
        asyncio.run(work)


@contextmanager
def _errors_in_a_line() -> Iterator[None]:
    """An error for the writer is one line and exit status 1."""
    try:
        yield
    except WriterError as error:
        typer.echo(f"lsp-writer: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
