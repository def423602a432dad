"""The command line: `python -m model_export default`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from rich.console import Console

from lsp_writer.folders import data_folder
from lsp_writer.inference.manifest import DEFAULT_MODEL, load_manifest
from model_export.commands import app as installed_models
from model_export.install import is_installed
from model_export.progress import Steps
from model_export.reporting import reporting

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(installed_models)


@app.callback()
def _about() -> None:
    """Make the model folders that lsp-writer runs."""


@app.command()
def default(
    data: Annotated[Path | None, typer.Option(help="Data folder to use instead of the platform's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make it again even if it is there.")] = False,
) -> None:
    """Download, convert, verify and install the default model."""
    models = (data or data_folder()) / "models"
    with reporting(models, "Interrupted. Nothing was installed; run it again whenever you like.") as console:
        made = _make_default(models, console, force=force)
        figures = load_manifest(models / DEFAULT_MODEL).verification
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
    with Steps(console) as steps:
        return export_default(models, cache, steps, force=force)


if __name__ == "__main__":
    app(prog_name="python -m model_export")
