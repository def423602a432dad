"""The models of the data folder, each in a folder of its name."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from lsp_writer.errors import ModelUnavailable, WriterError
from lsp_writer.generation import InstalledModel
from lsp_writer.inference.manifest import (
    DEFAULT_MODEL,
    MANIFEST_FILE,
    Candidate,
    Manifest,
    load_manifest,
    models_folder,
    read_manifest,
)

_LONGEST_NAME = 100


@dataclass(frozen=True)
class Installed:
    """A folder that holds a model, or what is left of one."""

    folder: Path
    #: None if the model is damaged, and then `fault` says how, and what to do.
    manifest: Manifest | None
    fault: str = ""

    @property
    def size(self) -> int:
        """Bytes of the files that the manifest names."""
        return sum(file.size for file in self.manifest.files) if self.manifest else 0

    @property
    def kept(self) -> Candidate | None:
        """What was measured of the precision that was kept, if the export compared several."""
        candidates = self.manifest.candidates if self.manifest else ()
        return next((candidate for candidate in candidates if candidate.kept), None)


def is_name(text: str) -> bool:
    """Whether `text` can be a model's name: neither a path nor hidden, printable, and of a length that folders have."""
    begins = bool(text) and not text.startswith((".", "~"))
    return begins and Path(text).name == text and "\\" not in text and text.isprintable() and len(text) <= _LONGEST_NAME


def installed_names(models: Path) -> list[str]:
    """Of the folders in `models` that hold a manifest, in alphabetical order."""
    if not models.is_dir():
        return []
    return sorted(path.name for path in models.iterdir() if is_name(path.name) and (path / MANIFEST_FILE).is_file())


def installed_models(models: Path) -> list[Installed]:
    """The models in `models` by name, the damaged ones too."""
    return [look_at(models / name) for name in installed_names(models)]


def choices(model: str) -> list[InstalledModel]:
    """The installed models by name, with one that `model` chooses by its path behind them. Only manifests are read, and
    one that cannot be is left out."""
    models = models_folder()
    settings = {models / name: "" if name == DEFAULT_MODEL else name for name in installed_names(models)}
    chosen = None
    with contextlib.suppress(ModelUnavailable):
        chosen = chosen_folder(model)
        settings.setdefault(chosen, model)
    found = []
    for folder, setting in settings.items():
        with contextlib.suppress(ModelUnavailable):
            installed = Installed(folder, read_manifest(folder))
            found.append(_choice(installed, setting, chosen=folder == chosen))
    return found


def _choice(installed: Installed, setting: str, *, chosen: bool) -> InstalledModel:
    assert installed.manifest is not None
    return InstalledModel(
        name=installed.folder.name,
        setting=setting,
        megabytes=round(installed.size / 1e6),
        precision=installed.manifest.precision,
        chosen=chosen,
    )


def chosen_folder(model: str) -> Path:
    """The folder of the model that `model` names, or whose path it is; of the default model if it is empty.

    Raises ModelUnavailable if it is a name that no installed model has.
    """
    if not model:
        model = DEFAULT_MODEL
    if not is_name(model):
        return Path(model).expanduser()
    folder = models_folder() / model
    if model == DEFAULT_MODEL or folder.is_dir():
        return folder
    raise unknown_name(model, models_folder())


def unknown_name(name: str, models: Path) -> ModelUnavailable:
    """What the writer is told who asks for a model `name` that is not in `models`."""
    names = ", ".join(installed_names(models)) or "none"
    made_by = "default" if name == DEFAULT_MODEL else f"export ID --name {name}"
    return ModelUnavailable(
        f"No model is called “{name}” (installed: {names}; a folder is given by its path, such as ./{name}). "
        f"Export one: python -m model_export {made_by}"
    )


def look_at(folder: Path) -> Installed:
    """The model of `folder`, which may be damaged or not be there."""
    try:
        return Installed(folder, load_manifest(folder))
    except WriterError as error:
        return Installed(folder, None, str(error))
