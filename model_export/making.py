"""The commands that make a model folder: `export` and `default`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from lsp_writer.errors import InvalidRequest
from lsp_writer.folders import cache_folder, data_folder
from lsp_writer.inference.installed import is_name
from lsp_writer.inference.manifest import DEFAULT_MODEL, load_manifest
from model_export.install import is_installed
from model_export.progress import Steps
from model_export.reporting import reporting
from model_export.storage import require_space

app = typer.Typer()

Data = Annotated[Path | None, typer.Option(help="Data folder to use instead of the platform's.")]
Force = Annotated[bool, typer.Option("--force", help="Make it again even if it is there.")]

_INTERRUPTED = "Interrupted. Nothing was installed; run it again whenever you like."


@app.command()
def default(data: Data = None, force: Force = False) -> None:
    """Download, convert, verify and install the default model."""
    models = (data or data_folder()) / "models"
    with reporting(models, _INTERRUPTED) as console:
        made = (force or not is_installed(models / DEFAULT_MODEL)) and _make_default(models, console, force=force)
        console.print(f"The default model {_is(made)} installed at {models / DEFAULT_MODEL}.")
        if made:
            _tell(models / DEFAULT_MODEL, console)


def _make_default(models: Path, console: Console, *, force: bool) -> bool:
    # Only pip may look for anything on a network; the libraries read this when they are imported.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from model_export.architecture import judge
    from model_export.estimate import estimate
    from model_export.package import Order, export, require_packages
    from model_export.recipes import suiting
    from model_export.wheel import locate_default

    require_packages()
    located = locate_default(cache_folder())
    architecture = judge(located.config, "fused", "cpu")
    # 4 bits are known not to be good enough for it.
    order = Order(located, architecture, "cpu", suiting("cpu", "int8"))
    with Steps(console) as steps:
        return export(
            order, models / DEFAULT_MODEL, estimate(architecture.parameters, located.download).disk, steps, force=force
        )


@app.command()
def export(
    source: Annotated[
        str,
        typer.Argument(help="A Hugging Face id, a folder with a checkpoint, a GGUF file, or id:file.gguf on the Hub."),
    ],
    *,
    target: Annotated[Literal["cpu", "cuda"], typer.Option(help="What the model is to run on.")] = "cpu",
    precision: Annotated[
        Literal["auto", "fp32", "fp16", "int8", "int4"],
        typer.Option(help="auto: the fastest that is as good as the source."),
    ] = "auto",
    graph: Annotated[
        Literal["auto", "fused", "portable"],
        typer.Option(help="fused is faster, portable knows more models. auto: fused where there is one."),
    ] = "auto",
    name: Annotated[str, typer.Option(help="What the model is called here. Otherwise the last part of the id.")] = "",
    revision: Annotated[str | None, typer.Option(help="A branch, tag or commit. Otherwise the newest.")] = None,
    adapter: Annotated[str, typer.Option(help="A LoRA adapter to add: its id or folder.")] = "",
    trust_remote_code: Annotated[
        bool, typer.Option("--trust-remote-code", help="Let the tokenizer's own Python code run here.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    data: Data = None,
    force: Force = False,
) -> None:
    """Make a model folder of any causal language model, verify it, and install it."""
    models = (data or data_folder()) / "models"
    with reporting(models, _INTERRUPTED) as console:
        from model_export.adapter_source import locate_adapter
        from model_export.architecture import judge
        from model_export.estimate import estimate
        from model_export.package import Order, Wish, require_packages, require_same
        from model_export.package import export as run
        from model_export.recipes import suiting
        from model_export.sources import locate

        require_packages()
        recipes = suiting(target, precision)
        located = locate(source, revision=revision, cache=cache_folder(), trust_remote_code=trust_remote_code)
        added = locate_adapter(adapter, cache_folder()) if adapter else None
        name = name or located.name
        if not is_name(name) or name == DEFAULT_MODEL:
            raise InvalidRequest(f"“{name}” cannot be a model's name. Give another with --name.")
        there = not force and is_installed(models / name)
        wish = Wish(located, target, precision, graph, added)
        if there:
            with Steps(console) as steps:
                require_same(models / name, wish, steps)
        architecture = judge(located.config, graph, target)
        needs = estimate(architecture.parameters, located.download + (added.download if added else 0))
        for line in (
            f"{name}: {architecture}, for {target}.",
            *located.notes,
            *(added.notes if added else ()),
            f"It takes {needs}.",
        ):
            console.print(line, markup=False)
        if dry_run:
            return
        if not there:
            require_space(cache_folder(), needs.download)
        order = Order(located, architecture, target, recipes, added, trust_remote_code)
        with Steps(console) as steps:
            made = run(order, models / name, needs.disk, steps, force=force)
            if not made and not there:  # another export was faster
                require_same(models / name, wish, steps)
        console.print(f"{name} {_is(made)} installed at {models / name}.", markup=False)
        if made:
            _tell(models / name, console)
            console.print(f"To use it, set lspWriter.model to {name}.", markup=False)


def _is(made: bool) -> str:
    return "is now" if made else "was already"


def _tell(folder: Path, console: Console) -> None:
    """What was measured."""
    from model_export.choice import table

    manifest = load_manifest(folder)
    figures = manifest.verification
    console.print(table(manifest.candidates, figures.reference_perplexity))
    console.print(
        f"Perplexity {figures.prefill_perplexity:.2f} ({figures.decode_perplexity:.2f} token by token) against its "
        f"source's {figures.reference_perplexity:.2f}; it agrees on {figures.prefill_agreement:.1%} of next words."
    )
