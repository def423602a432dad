"""`doctor`: everything the server needs, looked at one by one, each fault with its mend."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
from rich.console import Console
from rich.markup import escape

from lsp_writer import __version__
from lsp_writer.composition import model_folder
from lsp_writer.errors import WriterError
from lsp_writer.folders import cache_folder, data_folder
from lsp_writer.generation import Finished, Generate, Kind, Segment, Stops
from lsp_writer.inference.graphics_card import CUDA_NEEDED, DRIVER_NEEDED, find_graphics_card
from lsp_writer.inference.installed import Installed, installed_models
from lsp_writer.inference.local import Loaded
from lsp_writer.inference.manifest import load_manifest, models_folder
from lsp_writer.settings import MachineSettings, read_machine_settings, user_settings_file

Verdict = Literal["ok", "note", "fault"]

_MARKS: dict[Verdict, str] = {"ok": "[green]✓[/]", "note": "[yellow]·[/]", "fault": "[red]✗[/]"}
# An export writes the checkpoint, the fp32 graph and the result before it removes the first two.
_EXPORT_BYTES = 2 * 1024**3


class Check(msgspec.Struct, frozen=True):
    """What was looked at, what was found, and what to do if it is a fault."""

    name: str
    verdict: Verdict
    found: str
    mend: str = ""


def doctor(machine: MachineSettings, *, as_json: bool) -> int:
    """Print every check; the exit status is 1 if one is a fault."""
    console = Console(highlight=False, soft_wrap=True)
    checks: list[Check] = []
    for found in _checks(machine):
        check = msgspec.structs.replace(found, mend=_with_this_python(found.mend))
        checks.append(check)
        if not as_json:
            console.print(f"{_MARKS[check.verdict]} [bold]{check.name}[/]: {escape(check.found)}")
            if check.mend:
                console.print(f"    → {escape(check.mend)}")
    healthy = all(check.verdict != "fault" for check in checks)
    if as_json:
        print(json.dumps({"healthy": healthy, "checks": msgspec.to_builtins(checks)}, ensure_ascii=False))  # noqa: T201 - the answer
    return 0 if healthy else 1


def _with_this_python(mend: str) -> str:
    """The same, with commands that work as they stand where `python` is missing or another one."""
    python = shutil.which("python")
    if python is not None and Path(python) == Path(sys.executable):
        return mend
    return mend.replace("python -m ", f"{shlex.quote(sys.executable)} -m ")


def _checks(machine: MachineSettings) -> Iterator[Check]:
    yield Check("lsp-writer", "ok", f"{__version__} on Python {platform.python_version()}, {platform.platform()}")
    yield _settings_file()
    yield from _runtime()
    yield from _graphics_card(machine)
    yield _folder("data folder", data_folder(), "Change its permissions, or set LSP_WRITER_DATA to another folder.")
    yield _folder("cache folder", cache_folder(), "Change its permissions: an export of a model downloads to there.")
    yield from _model(machine)
    yield from (_installed(model) for model in installed_models(models_folder()))
    yield from _editors()


def _settings_file() -> Check:
    file = user_settings_file()
    _, problems = read_machine_settings({}, None, file)
    if problems:
        return Check("settings file", "fault", " ".join(problems), "Correct the file or remove it.")
    return Check("settings file", "ok", f"{file}" if file.exists() else f"{file} (not there; defaults are used)")


def _runtime() -> Iterator[Check]:
    installed = [name for name in ("onnxruntime", "onnxruntime-gpu") if _version(name)]
    if len(installed) == 2:
        yield Check(
            "ONNX Runtime",
            "fault",
            "onnxruntime and onnxruntime-gpu are both installed and overwrite each other's files",
            "pip uninstall onnxruntime onnxruntime-gpu, then install lsp-writer again",
        )
        return
    try:
        from lsp_writer.inference.onnx_session import available_devices
    except ImportError as error:
        yield Check("ONNX Runtime", "fault", f"it cannot be loaded ({error})", "Install lsp-writer again with pip.")
        return
    versions = ", ".join(f"{name} {_version(name)}" for name in installed)
    yield Check("ONNX Runtime", "ok", f"{versions}, built for {' and '.join(available_devices())}")


def _graphics_card(machine: MachineSettings) -> Iterator[Check]:
    """A card that cannot be used is a fault only where the settings insist on one."""
    try:
        from lsp_writer.inference.onnx_session import available_devices
    except ImportError:  # told already
        return
    unusable: Verdict = "fault" if machine.device == "cuda" else "note"
    try:
        card = find_graphics_card()
    except WriterError as error:
        found, _, mend = str(error).rpartition(". ")
        yield Check("graphics card", unusable, found, mend)
        return
    if card is None:
        none = "no NVIDIA driver (nvidia-smi is not on the path): the model runs on the processor"
        if machine.device == "cuda":
            yield Check("graphics card", "fault", none, "Install the driver, or set the device to auto.")
        else:
            yield Check("graphics card", "ok", none)
    elif card.too_old:
        mend = f"Install a driver for CUDA {CUDA_NEEDED} or newer; on Linux that is {DRIVER_NEEDED} or newer."
        yield Check("graphics card", unusable, f"{card}, which is too old for ONNX Runtime", mend)
    elif "cuda" not in available_devices():
        mend = "To run models on it: pip install 'lsp-writer[cuda]'"
        yield Check("graphics card", unusable, f"{card}, which this ONNX Runtime cannot use", mend)
    else:
        yield Check("graphics card", "ok", str(card))


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _folder(name: str, folder: Path, mend: str) -> Check:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Check(name, "fault", f"{folder} cannot be written", mend)
    free = shutil.disk_usage(existing).free
    found = f"{folder} ({free / 1024**3:.0f} GB free)"
    if free < _EXPORT_BYTES:
        return Check(name, "note", found, "An export of the default model needs 2 GB; free some space before one.")
    return Check(name, "ok", found)


def _installed(model: Installed) -> Check:
    name = f"installed model {model.folder.name}"
    manifest, kept = model.manifest, model.kept
    if manifest is None:
        found, _, mend = model.fault.rpartition(". ")
        return Check(name, "note", found, mend)  # a fault if it is the chosen one, which is looked at by itself
    measured = manifest.verification
    speed = kept.decode_tokens_per_second if kept else 0.0
    told = f"{speed:.0f} tokens a second where it was exported" if speed else "not measured"
    return Check(
        name,
        "ok",
        f"{manifest.name}, {manifest.precision} for {manifest.target}, {model.size / 1e6:,.0f} MB; perplexity "
        f"{measured.decode_perplexity:.2f} (its source: {measured.reference_perplexity:.2f}); speed: {told}",
    )


def _model(machine: MachineSettings) -> Iterator[Check]:
    try:
        folder = model_folder(machine)
        manifest = load_manifest(folder)
        size = sum(file.size for file in manifest.files) / 1e6
        measured = manifest.verification
        yield Check("model folder", "ok", f"{folder}: {manifest.name}, {manifest.precision}, {size:.0f} MB")
        yield Check(
            "verification",
            "ok",
            f"perplexity {measured.decode_perplexity:.2f} as served, {measured.reference_perplexity:.2f} at full "
            f"precision; the same first choice on {measured.decode_agreement:.1%} of {measured.tokens} tokens",
        )
        yield _speed(folder, machine)
    except WriterError as error:
        found, _, mend = str(error).rpartition(". ")
        yield Check("model", "fault", found or str(error), mend)


def _speed(folder: Path, machine: MachineSettings) -> Check:
    """Load the model, which runs its probe, and let it write a little."""
    from lsp_writer.inference.loading import load_engine

    started = time.perf_counter()
    loaded = load_engine(folder, machine.device, machine.threads, machine.memory_limit)
    seconds = time.perf_counter() - started
    name = f"loads in {seconds:.1f} s on the {loaded.capabilities.device}, answers its probe rightly, "
    found = f"{name}writes {_tokens_a_second(loaded):.0f} tokens a second"
    return Check("model runs", "note" if loaded.message else "ok", found, loaded.message)


def _tokens_a_second(loaded: Loaded) -> float:
    import threading

    request = Generate(prompt=(Segment("The road went"),), stops=Stops(max_new_tokens=48, at_loop=False))
    started = time.perf_counter()
    events = list(loaded.engine.run(Kind.TYPING, request, threading.Event()))
    seconds = time.perf_counter() - started
    decoded = sum(event.decoded_tokens for event in events if isinstance(event, Finished))
    return decoded / seconds


def _editors() -> Iterator[Check]:
    command = shutil.which("lsp-writer")
    beside = Path(sys.executable).with_name("lsp-writer")
    if command:
        yield Check("command", "ok", command)
    else:
        yield Check(
            "command", "note", "lsp-writer is not on the path", f"Tell your editor where it is: {beside}, or use pipx."
        )
    for program, name, hint in (
        ("nvim", "Neovim", "Put editors/neovim on the runtimepath, then vim.lsp.enable('lsp_writer')."),
        ("code", "VS Code", "Run: make vsix && code --install-extension editors/vscode/lsp-writer.vsix"),
    ):
        where = shutil.which(program)
        yield Check(name, "ok" if where else "note", where or "not found on the path", hint)
