"""The commands around installed models: `list`, `verify`, `remove`, `pull`, `recommend`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lsp_writer.errors import InvalidRequest, ModelUnavailable
from lsp_writer.folders import cache_folder, data_folder
from lsp_writer.inference.installed import installed_models, is_name, unknown_name
from lsp_writer.inference.manifest import DEFAULT_MODEL, export_again, read_manifest
from model_export.progress import Steps
from model_export.reporting import reporting

app = typer.Typer()

#: Columns that a table takes.
_NARROWEST = 80

Data = Annotated[Path | None, typer.Option(help="Data folder to use instead of the platform's.")]
Name = Annotated[str, typer.Argument(help="A name that `list` shows; `default` is the default model.")]


@app.command("list")
def list_models(data: Data = None) -> None:
    """Show the installed models and what was measured of them."""
    models = _models(data)
    with reporting(models, "Interrupted.") as console:
        from model_export.listing import table

        installed = installed_models(models)
        if not installed:
            console.print(f"No model is installed in {models}. Make one: python -m model_export default", markup=False)
            return
        if any(model.manifest for model in installed):
            # Only a terminal has a width to fit into.
            width = max(shutil.get_terminal_size().columns, _NARROWEST) if sys.stdout.isatty() else 200
            Console(highlight=False, width=width).print(table(installed))
        for model in installed:
            if model.fault:
                console.print(f"{model.folder.name} is damaged: {model.fault}", markup=False)


@app.command()
def verify(
    name: Name,
    data: Data = None,
    prose: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Measure on this text, without judging, instead of ours."),
    ] = None,
) -> None:
    """Measure a model again and compare it with its manifest; exit status 1 if it is out of bounds."""
    models = _models(data)
    with reporting(models, "Interrupted.") as console:
        from model_export.remeasure import faults, measure, read_prose
        from model_export.verify import prose as shipped_prose

        folder = _installed(name, models)
        text = shipped_prose() if prose is None else read_prose(prose)
        with Steps(console) as steps:
            measured = measure(folder, text, steps)
        typer.echo(
            f"{name}: perplexity {measured.prefill:.3f} several tokens at a time, {measured.decode:.3f} one at a time, "
            f"over {measured.tokens} tokens."
        )
        if prose is not None:
            return
        promised = read_manifest(folder).verification
        typer.echo(
            f"The manifest says {promised.prefill_perplexity:.3f} and {promised.decode_perplexity:.3f}, "
            f"and {promised.reference_perplexity:.3f} for the source."
        )
        if found := faults(measured, promised):
            raise ModelUnavailable(" ".join([*found, export_again(folder)]))
        typer.echo("All files are what was exported, and the figures are within bounds.")


@app.command()
def judge(name: Name, data: Data = None) -> None:
    """Measure whether a model sees what is wrong with a text, as every export does, and note it in its manifest."""
    models = _models(data)
    with reporting(models, "Interrupted. The model is as it was.") as console:
        from model_export.judgement import judge_again

        with Steps(console) as steps:
            found = judge_again(_installed(name, models), steps)
        for each in found:
            typer.echo(
                f"{name}: right about {each.right:.0%} of {each.passages} passages ({each.language}), by chance "
                f"{1 / each.choices:.0%}. It {'writes' if each.is_sound else 'writes no'} notes."
            )
        if not found:
            typer.echo(f"{name} cannot be asked, so it writes no notes.")


@app.command()
def remove(
    name: Name,
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a model from the disk."""
    models = _models(data)
    with reporting(models, "Interrupted. The model is removed whole or not at all: see list.") as console:
        from model_export.remove import bytes_in, folder_to_remove
        from model_export.remove import remove as run

        folder = folder_to_remove(name, models)
        what = f"the link {folder}" if folder.is_symlink() else f"{folder} ({bytes_in(folder) / 1e6:,.0f} MB)"
        if not yes and not typer.confirm(f"Remove {what}?", err=True):
            console.print("Nothing was removed.")
            raise typer.Exit(1)
        with Steps(console) as steps:
            run(folder, steps)
        console.print(f"Removed {what}.", markup=False)


@app.command()
def pull(
    repository: Annotated[str, typer.Argument(help="Its id on the Hugging Face Hub.", metavar="REPO")],
    data: Data = None,
    revision: Annotated[str | None, typer.Option(help="A branch, tag or commit. Otherwise the newest.")] = None,
    name: Annotated[str, typer.Option(help="What the model is called here. Otherwise the last part of the id.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Take it even if a model of that name is there.")] = False,
) -> None:
    """Download a model folder that somebody exported, check it, and install it."""
    models = _models(data)
    cache = cache_folder()
    with reporting(models, "Interrupted. Nothing was installed; run it again and it goes on.") as console:
        from model_export import pull as pulling

        name = name or repository.rpartition("/")[2]
        if not is_name(name) or name == DEFAULT_MODEL:
            raise InvalidRequest(f"“{name}” cannot be a model's name. Give another with --name.")
        found, manifest = pulling.find(repository, revision, cache)
        console.print(
            f"{found.id} at {found.commit}: {manifest.name}, made from {manifest.source.id} "
            f"(licence: {manifest.source.licence or 'not stated'}), {manifest.precision} for {manifest.target}.",
            markup=False,
        )
        with Steps(console) as steps:
            made = pulling.pull(found, manifest, models / name, steps, replace=force)
        console.print(f"{name} {'is now' if made else 'was already'} installed at {models / name}.", markup=False)


@app.command()
def recommend(
    data: Data = None,
    multilingual: Annotated[
        bool, typer.Option("--multilingual", help="Not a model for English alone: Chinese and other languages.")
    ] = False,
) -> None:
    """Look at this machine and name the larger model that suits it."""
    models = _models(data)
    with reporting(models, "Interrupted.") as console:
        from model_export.machine import look_at_machine
        from model_export.recommend import describe
        from model_export.recommend import recommend as run

        machine = look_at_machine(models)
        for line in describe(machine):
            console.print(line, markup=False)
        chosen = run(machine, multilingual=multilingual)
        if chosen is None:
            console.print("None of these suits this machine. The default model does: python -m model_export default")
            return
        console.print(
            f"Recommended: {chosen.model.id}. Make it with the command below, then set lspWriter.model to "
            f"{chosen.model.name}.",
            markup=False,
        )
        typer.echo(chosen.command)


def _models(data: Path | None) -> Path:
    return (data or data_folder()) / "models"


def _installed(name: str, models: Path) -> Path:
    folder = models / name
    if not is_name(name) or not folder.is_dir():
        raise unknown_name(name, models)
    return folder
