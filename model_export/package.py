"""From a checkpoint to a complete model folder: fetch, convert, choose a precision, verify, describe."""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lsp_writer.errors import ExportFailed, InvalidRequest
from lsp_writer.export_process import missing_packages
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.loading import load_tokenizer
from lsp_writer.inference.manifest import (
    MANIFEST_FILE,
    MANIFEST_VERSION,
    Adapter,
    Graph,
    Judgement,
    Manifest,
    ModelFile,
    Source,
    load_manifest,
    sha256_of,
)
from lsp_writer.inference.memory import unmap_large_blocks
from model_export import graph, portable
from model_export.adapter import merge
from model_export.architecture import Architecture
from model_export.choice import choose, opened
from model_export.install import install
from model_export.judgement import judged
from model_export.loaded import LoadedCheckpoint, load
from model_export.located import Fetched, Located, LocatedAdapter
from model_export.memory import give_back
from model_export.progress import Steps
from model_export.recipes import Recipe, Target
from model_export.reference import refer
from model_export.storage import require_space

TOKENIZER_FILE = "tokenizer.json"
#: Where intermediate files go, beside the folder in the making. No model has a name that begins with a dot.
_CHECKPOINT = ".checkpoint"
_FULL = ".full"
_KINDS = {"shared": "fused", "growing": "portable"}


@dataclass(frozen=True)
class Order:
    """What is to be made of what."""

    located: Located
    architecture: Architecture
    target: Target
    #: Tried in this order.
    recipes: tuple[Recipe, ...]
    adapter: LocatedAdapter | None = None
    trust_remote_code: bool = False


def require_packages() -> None:
    """Raises ExportFailed if what an export needs is not installed."""
    if missing := missing_packages():
        raise ExportFailed(
            f"Exporting needs packages that are not installed ({', '.join(missing)}). "
            "Run: pip install 'lsp-writer[export]'"
        )


@dataclass(frozen=True)
class Wish:
    """What the writer asks for."""

    located: Located
    target: Target
    precision: str
    graph: str
    adapter: LocatedAdapter | None


def require_same(folder: Path, wish: Wish, steps: Steps) -> None:
    """Raises InvalidRequest if the model installed at `folder` is not what is asked for now."""
    there = load_manifest(folder)
    source, adapter = there.source, there.source.adapter
    wanted = (wish.located.source.id, wish.located.source.revision, wish.adapter and wish.adapter.id)
    kind = _KINDS[there.graph.kv.contract]
    if (
        wanted == (source.id, source.revision, adapter and adapter.id)
        and wish.target == there.target
        and wish.precision in ("auto", there.precision)
        and wish.graph in ("auto", kind)
    ):
        if _same_weights(wish, source, steps):
            return
        made = "of other weights called"
    else:
        made = "of"
    made += f" {source.id}" + (f" at {source.revision}" if source.revision else "")
    made += f" with {adapter.id}" if adapter else ""
    graph = "" if wish.graph in ("auto", kind) else f", with a {kind} graph"
    raise InvalidRequest(
        f"{folder.name} is installed already, made {made} in {there.precision} for {there.target}{graph}. "
        "Give another --name, or add --force to replace it."
    )


def _same_weights(wish: Wish, source: Source, steps: Steps) -> bool:
    """Whether weights that have a name and no revision, as those of many folders may, are the ones of `source`."""
    if not source.revision and wish.located.fetch(steps).sha256 != source.sha256:
        return False
    if wish.adapter is None or source.adapter is None or wish.adapter.download:  # not worth a download
        return True
    return wish.adapter.fetch(steps).sha256 == source.adapter.sha256


def export(order: Order, folder: Path, disk: int, steps: Steps, *, force: bool) -> bool:
    """Make the model `folder`, for which `disk` bytes must be free; False if one was there and `force` not given.

    Raises ExportFailed, StorageError or OSError; what was installed before is then untouched.
    """
    unmap_large_blocks()
    return install(folder, functools.partial(_build, order, disk, steps), steps, replace=force)


def _build(order: Order, disk: int, steps: Steps, folder: Path) -> None:
    """Fill `folder`. Intermediate files go beside it; the caller removes them."""
    require_space(folder.parent, disk)
    checkpoint, full = folder.parent / _CHECKPOINT, folder.parent / _FULL
    fetched = order.located.fetch(steps)
    source, said = _read(order, fetched, steps)
    give_back()
    source.save_tokenizer(folder / TOKENIZER_FILE)
    reference = refer(source, folder / TOKENIZER_FILE, order.architecture.context_tokens, steps)
    facts = _Facts(source.chat_template, source.beginning_ids, source.end_ids)
    source.save(checkpoint)
    del source  # as much memory as the next step needs
    give_back()
    with steps.step("Building the graph"):
        description = _build_graph(order, checkpoint, full)
    shutil.rmtree(checkpoint)
    give_back()
    chosen = choose(order.recipes, full, description, reference, steps)
    for path in chosen.folder.iterdir():
        path.replace(folder / path.name)
    manifest = Manifest(
        version=MANIFEST_VERSION,
        name=order.located.name,
        source=said,
        files=tuple(_describe(path) for path in sorted(folder.iterdir())),
        graph=description,
        tokenizer=TOKENIZER_FILE,
        chat_template=facts.chat_template,
        beginning_of_text_ids=facts.beginning_ids,
        end_of_text_ids=facts.end_ids,
        precision=chosen.precision,
        target=order.target,
        verification=chosen.verification,
        probe=chosen.probe,
        candidates=chosen.candidates,
    )
    manifest = msgspec.structs.replace(manifest, judgements=_judged(folder, manifest, steps))
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))


def _judged(folder: Path, manifest: Manifest, steps: Steps) -> tuple[Judgement, ...]:
    """What it sees in prose, if it can be asked and runs here on what it is for; elsewhere that would take hours."""
    if not manifest.chat_template:
        return ()
    give_back()
    model, in_place = opened(folder, manifest.graph)
    return judged(Engine(model, load_tokenizer(folder, manifest)), steps) if in_place else ()


@dataclass(frozen=True)
class _Facts:
    """What the manifest says of the tokenizer, kept when the source is gone."""

    chat_template: str
    beginning_ids: tuple[int, ...]
    end_ids: tuple[int, ...]


def _read(order: Order, fetched: Fetched, steps: Steps) -> tuple[LoadedCheckpoint, Source]:
    """The weights, an adapter's added to them, and where they came from."""
    with steps.step("Reading the weights"):
        source = load(fetched, trust_remote_code=order.trust_remote_code)
    if source.note:
        steps.say(source.note)
    said = msgspec.structs.replace(order.located.source, sha256=fetched.sha256)
    if order.adapter is None:
        return source, said
    adapter = order.adapter.fetch(steps)
    with steps.step("Adding the adapter's weights"):
        source = merge(source, adapter)
    return source, msgspec.structs.replace(said, adapter=Adapter(id=order.adapter.id, sha256=adapter.sha256))


def _build_graph(order: Order, checkpoint: Path, full: Path) -> Graph:
    full.mkdir()
    context_tokens = order.architecture.context_tokens
    if order.architecture.graph == "portable":
        return portable.build(checkpoint, full, context_tokens)
    return graph.build(checkpoint, full, order.target, context_tokens)


def _describe(path: Path) -> ModelFile:
    return ModelFile(name=path.name, size=path.stat().st_size, sha256=sha256_of(path))
