"""The command line: `python -m model_export default`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from rich.console import Console

from lsp_writer.errors import StorageError, WriterError
from lsp_writer.folders import data_folder
from lsp_writer.inference.manifest import DEFAULT_MODEL, load_manifest
from model_export.install import is_installed
from model_export.progress import Steps

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def _about() -> None:
    """Make the model folders that lsp-writer runs."""


@app.command()
def default(
    data: Annotated[Path | None, typer.Option(help="Data folder to use instead of the platform's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make it again even if it is there.")] = False,
) -> None:
    """Download, convert, verify and install the default model."""
    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    models = (data or data_folder()) / "models"
    try:
        made = _make_default(models, console, force=force)
        figures = load_manifest(models / DEFAULT_MODEL).verification
    except WriterError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("Interrupted. Nothing was installed; run it again whenever you like.")
        raise typer.Exit(130) from None
    console.print(f"The default model {'is now' if made else 'was already'} installed at {models / DEFAULT_MODEL}.")
    if made:
        console.print(
            f"Perplexity {figures.prefill_perplexity:.2f} ({figures.decode_perplexity:.2f} token by token) against its "
            f"source's {figures.reference_perplexity:.2f}; it agrees on {figures.prefill_agreement:.1%} of next words."
        )


def _make_default(models: Path, console: Console, *, force: bool) -> bool:
    if not force and is_installed(models / DEFAULT_MODEL):
        return False
    # Only pip may look for anything on a network; the libraries read this when they are imported.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from model_export.package import export_default

    cache = platformdirs.user_cache_path("lsp-writer", appauthor=False)
    try:
        with Steps(console) as steps:
            return export_default(models, cache, steps, force=force)
    except OSError as error:
        place = error.filename or models
        raise StorageError(
            f"{place} cannot be written ({error.strerror or error}). Make room or check its permissions, "
            "or choose another folder with --data, and run the command again."
        ) from error


if __name__ == "__main__":
    app(prog_name="python -m model_export")
