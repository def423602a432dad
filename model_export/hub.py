"""A model on the Hugging Face Hub: what it consists of, and its files, brought here whole and checked."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import sha256_of
from model_export.progress import Steps, growth, quiet
from model_export.storage import writing_to

if TYPE_CHECKING:
    import requests

_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Repository:
    """One commit of a model's repository. Its files are kept in `folder` once they were downloaded."""

    id: str
    commit: str
    licence: str
    gated: bool
    folder: Path
    #: Bytes, by name.
    sizes: Mapping[str, int]
    #: SHA-256 as the Hub states it, of the files that it stores as large ones.
    sha256: Mapping[str, str]

    @property
    def title(self) -> str:
        return self.id

    def path_of(self, name: str) -> Path:
        """The file, downloaded unless it is here. Raises ExportFailed, and OSError if it cannot be written."""
        hub = _library()
        with _explained(self.id, self.commit), quiet(), writing_to(self.folder):
            path = hub.hf_hub_download(
                self.id, name, revision=self.commit, local_dir=self.folder, endpoint=_endpoint(), etag_timeout=20
            )
        return Path(path)

    def missing(self, names: tuple[str, ...]) -> int:
        """Bytes of these files that are still to be downloaded."""
        return sum(self.sizes[name] for name in names if not (self.folder / name).exists())

    def download(self, names: tuple[str, ...], steps: Steps) -> dict[str, str]:
        """Bring these files into `folder`; what was interrupted goes on where it stopped. Their SHA-256, by name.

        Raises ExportFailed, and OSError if they cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (
            steps.step("Downloading the model", self.missing(names)) as advance,
            growth(self.folder, advance),
        ):
            for name in names:
                self.path_of(name)
        digests = {}
        with steps.step("Checking the download", sum(self.sizes[name] for name in names)) as advance:
            for name in names:
                digests[name] = self._checked(name)
                advance(self.sizes[name])
        return digests

    def start_of(self, name: str, size: int, path: Path) -> None:
        """Write the file's first `size` bytes to `path`. Raises ExportFailed, and OSError if it cannot be written."""
        hub = _library()
        url = hub.hf_hub_url(self.id, name, revision=self.commit, endpoint=_endpoint())
        headers = {**hub.utils.build_hf_headers(), "Range": f"bytes=0-{size - 1}", "Accept-Encoding": "identity"}
        with _explained(self.id, self.commit), quiet(), writing_to(path.parent), path.open("wb") as file:
            answer = hub.utils.get_session().get(url, headers=headers, stream=True, timeout=_TIMEOUT_SECONDS)
            with answer:
                hub.utils.hf_raise_for_status(answer)
                # A server may ignore the range and send the whole file.
                for chunk in answer.iter_content(1 << 20):
                    file.write(chunk[: size - file.tell()])
                    if file.tell() == size:
                        break

    def _checked(self, name: str) -> str:
        path = self.folder / name
        digest = sha256_of(path)
        if path.stat().st_size != self.sizes[name] or digest != self.sha256.get(name, digest):
            path.unlink()
            raise ExportFailed(
                f"{name} of {self.id} did not arrive as the Hub describes it, so it was thrown away. "
                "Run the command again."
            )
        return digest


def find(repository: str, revision: str | None, cache: Path) -> Repository:
    """What the Hub says of a model. Raises ExportFailed if it has none of that name or cannot be reached."""
    hub = _library()
    with _explained(repository, revision), quiet():
        api = hub.HfApi(endpoint=_endpoint())
        info = api.model_info(repository, revision=revision, files_metadata=True, timeout=_TIMEOUT_SECONDS)
    files = info.siblings or []
    return Repository(
        id=info.id,
        commit=info.sha,
        licence=_licence(info.card_data.to_dict() if info.card_data else {}),
        gated=bool(info.gated),
        folder=cache / "hub" / info.id.replace("/", "--") / info.sha,
        sizes={file.rfilename: file.size or 0 for file in files},
        sha256={file.rfilename: file.lfs.sha256 for file in files if file.lfs},
    )


def notes(repository: Repository) -> tuple[str, ...]:
    """What to tell the writer before anything is downloaded."""
    place = page(repository.id)
    licence = f"{licence_stated(repository.licence)}: see {place}"
    if not repository.gated:
        return (licence,)
    return licence, f"It is gated: what you agreed to at {place} holds for the exported model too."


def licence_stated(licence: str) -> str:
    """For the writer, without a full stop."""
    return f"Its licence is {licence}" if licence else "It states no licence"


def licence_in(card: Path) -> str:
    """What a README.md of a model says; empty if there is none that can be read."""
    _library()
    from huggingface_hub.repocard import metadata_load

    try:
        return _licence(metadata_load(card) or {})
    except Exception:  # noqa: BLE001 - YAML that people wrote by hand; nothing but the licence hangs on it
        return ""


def page(repository: str) -> str:
    """The address where people read about it."""
    return f"{_endpoint()}/{repository}"


def _licence(card: Mapping[str, Any]) -> str:
    licence = card.get("license") or ""
    if licence == "other":
        licence = card.get("license_name") or licence
    return ", ".join(licence) if isinstance(licence, list) else str(licence)


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _library() -> ModuleType:
    # It reads these once, when it is imported. Its faster protocol cannot go on with an interrupted download.
    for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS", "HF_HUB_DISABLE_XET"):
        os.environ.setdefault(name, "1")
    import huggingface_hub
    import huggingface_hub.errors
    import huggingface_hub.utils

    return huggingface_hub


@contextlib.contextmanager
def _explained(repository: str, revision: str | None) -> Iterator[None]:
    """Turns what the library raises into one message; errors of the disk are passed on."""
    try:
        yield
    except (OSError, ValueError) as error:
        if (explained := _explain(error, repository, revision)) is None:
            raise
        raise explained from error


def _explain(error: Exception, repository: str, revision: str | None) -> ExportFailed | None:
    import requests
    from huggingface_hub import errors

    if isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    if isinstance(error, errors.OfflineModeIsEnabled):
        message = f"{repository} cannot be looked up: HF_HUB_OFFLINE forbids it. Unset it and run the command again."
    elif isinstance(error, errors.HFValidationError):
        message = _unknown(repository)
    elif isinstance(error, requests.HTTPError) and error.response is not None:
        message = _refused(error, error.response.status_code, repository, revision)
    elif isinstance(error, requests.RequestException) or (isinstance(error, OSError) and error.errno is None):
        message = (
            f"{repository} could not be fetched from {_endpoint()}. Check the network connection and run the "
            "command again: what has arrived is kept."
        )
    else:
        return None
    return ExportFailed(message)


def _refused(error: requests.HTTPError, status: int, repository: str, revision: str | None) -> str:
    """What an answer that is no success means."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return (
            f"{repository} is gated: its makers want to be asked first. Accept its conditions at {page(repository)}, "
            "then set HF_TOKEN to an access token of your account and run the command again."
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return _unknown(repository)
    if isinstance(error, errors.RevisionNotFoundError):
        return (
            f"{repository} has no revision “{revision}”. Leave --revision out for the newest, "
            f"or look for its branches and commits at {page(repository)}"
        )
    if status in {401, 403}:
        return (
            f"The Hub refused to show {repository} (status {status}). Check that HF_TOKEN is a valid token and that "
            f"its account may read {page(repository)}"
        )
    return f"The Hub answered with status {status} for {repository}. Wait a little and run the command again."


def _unknown(repository: str) -> str:
    return (
        f"The Hub has no model “{repository}” that you may read, and there is no such file or folder here. "
        "Check the spelling; if the model is private, set HF_TOKEN to an access token of your account."
    )
