"""From a model folder to a model on a device: what is refused, and what falls back to the processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import onnxruntime as ort
import pytest

from lsp_writer.errors import DeviceUnavailable, ModelUnavailable
from lsp_writer.inference import onnx_session
from lsp_writer.inference.manifest import Manifest, Probe
from lsp_writer.inference.opening import open_model
from tests import tiny_model

Providers = list[tuple[str, dict[str, str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_model.write_folder(tmp_path)
    return tmp_path


def test_a_sound_folder_opens_without_a_word(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    opened = open_model(folder)
    assert (opened.device, opened.message, opened.model.vocabulary_size) == ("cpu", "", 256)
    assert capfd.readouterr() == ("", "")


def test_a_processor_that_answers_wrongly_is_found_out(folder: Path) -> None:
    tiny_model.write_manifest(folder, Probe(token_ids=(1, 2, 3), top_ids=(4,), top_logits=(500.0,), tolerance=2.0))
    with pytest.raises(ModelUnavailable, match=r"wrong answers.*Export it again"):
        open_model(folder)


def test_a_graph_that_onnx_runtime_cannot_read_is_said(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "model.onnx").write_bytes(b"not a graph")
    tiny_model.write_manifest(folder, Probe(token_ids=(1,), top_ids=(1,), top_logits=(1.0,), tolerance=1.0))
    with pytest.raises(ModelUnavailable, match=r"cannot load .*model\.onnx.*Export it again"):
        open_model(folder)
    assert capfd.readouterr() == ("", "")


def test_a_model_for_the_cpu_is_not_put_on_a_gpu(folder: Path) -> None:
    with pytest.raises(DeviceUnavailable, match="exported for the CPU"):
        open_model(folder, "cuda")


def for_the_gpu(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, target="cuda")))


def test_without_the_gpu_it_was_made_for_a_model_runs_on_the_cpu(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for_the_gpu(folder)
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])
    opened = open_model(folder, "auto")
    assert opened.device == "cpu"
    assert "lsp-writer[cuda]" in opened.message
    assert capfd.readouterr().out == ""


class Card(ort.InferenceSession):  # type: ignore[misc]  # ONNX Runtime has no types
    """ONNX Runtime as it would be with a graphics card: what is asked of the card is run on the processor."""

    def __init__(self, path: Path, options: ort.SessionOptions, *, providers: Providers, enable_fallback: int) -> None:
        ((self.provider, self.limits),) = providers
        if self.provider == "CUDAExecutionProvider":
            self.load()
        super().__init__(path, options, providers=["CPUExecutionProvider"], enable_fallback=enable_fallback)

    def load(self) -> None:
        """What happens on the card while a model is loaded."""

    def get_providers(self) -> list[str]:
        return [self.provider, "CPUExecutionProvider"]


class CardWithOldDriver(Card):
    def load(self) -> None:
        raise RuntimeError("CUDA driver version is insufficient for CUDA runtime version")


class CardThatIsNotThere(Card):
    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]


class CardThatRunsOut(Card):
    def run_with_iobinding(self, binding: ort.IOBinding, options: ort.RunOptions) -> None:
        if self.provider == "CUDAExecutionProvider":
            raise RuntimeError("Available memory of 0 is smaller than requested bytes of 64, in BFCArena::AllocateRaw")
        super().run_with_iobinding(binding, options)


class CardThatComputesNonsense(Card):
    def run_with_iobinding(self, binding: ort.IOBinding, options: ort.RunOptions) -> None:
        super().run_with_iobinding(binding, options)
        if self.provider == "CUDAExecutionProvider":
            logits = binding.get_outputs()[-1]
            logits.update_inplace(np.full(logits.shape(), np.nan, np.float32))


@pytest.fixture
def gpu_folder(tmp_path: Path) -> Path:
    tiny_model.write_folder(tmp_path, graph=tiny_model.COPYING_GRAPH)
    for_the_gpu(tmp_path)
    return tmp_path


def plug_in(card: type[Card], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"])
    monkeypatch.setattr(ort, "preload_dlls", lambda: None)
    monkeypatch.setattr(ort, "InferenceSession", card)
    on_the_processor = ort.OrtValue.ortvalue_from_shape_and_type
    monkeypatch.setattr(
        ort.OrtValue, "ortvalue_from_shape_and_type", lambda shape, dtype, device: on_the_processor(shape, dtype)
    )


def test_a_gpu_that_answers_rightly_is_taken_without_a_word(gpu_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(Card, monkeypatch)
    opened = open_model(gpu_folder)
    assert (opened.device, opened.message) == ("cuda", "")
    cache, text = opened.model.new_cache(20), np.array([[5, 6, 7]])
    opened.model.forward(text, cache)
    fork = opened.model.fork(cache, 2, 3)
    row = opened.model.forward(np.array([[8], [9]]), fork)[1]
    alone = opened.model.forward(np.array([[5, 6, 7, 9]]), opened.model.new_cache(4))[0]
    np.testing.assert_allclose(row, alone, atol=1e-4)


@pytest.mark.parametrize(
    ("limit", "options"),
    [(0, {}), (3000, {"gpu_mem_limit": "3145728000", "arena_extend_strategy": "kSameAsRequested"})],
)
def test_a_gpu_gives_no_more_memory_than_it_may(
    gpu_folder: Path, monkeypatch: pytest.MonkeyPatch, limit: int, options: dict[str, str]
) -> None:
    plug_in(Card, monkeypatch)
    session = onnx_session.open_session(gpu_folder / "model.onnx", "cuda", 0, limit)
    assert isinstance(session, Card)
    assert session.limits == options


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (CardWithOldDriver, "CUDA driver version is insufficient"),
        (CardThatIsNotThere, "found no GPU that it can use"),
        (CardThatRunsOut, "There is not enough memory for the model"),
        (CardThatComputesNonsense, "The GPU gives wrong answers"),
    ],
)
def test_a_gpu_that_fails_is_replaced_by_the_cpu_and_the_writer_told_why(
    gpu_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    card: type[Card],
    why: str,
) -> None:
    """It was only a GPU's wrong answer that fell back; one without memory left the writer without a model."""
    plug_in(card, monkeypatch)
    opened = open_model(gpu_folder)
    assert opened.device == "cpu"
    assert opened.message.startswith("The model runs on the CPU.")
    assert why in opened.message
    assert capfd.readouterr().out == ""
    with pytest.raises(DeviceUnavailable, match=why):
        open_model(gpu_folder, "cuda")


def test_a_session_that_fails_prints_nothing_where_the_editor_reads(
    gpu_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """ONNX Runtime announced on stdout that it fell back to the processor, in the middle of the editor's messages."""

    def fail(*_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(ort.InferenceSession, "_create_inference_session", fail)
    with pytest.raises(ModelUnavailable, match="no room"):
        onnx_session.open_session(gpu_folder / "model.onnx", "cpu", 0, 0)
    assert capfd.readouterr() == ("", "")


def test_a_gpu_asked_for_by_name_is_not_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for_the_gpu(folder)
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(DeviceUnavailable, match="cannot use a GPU"):
        open_model(folder, "cuda")


def test_onnx_runtime_keeps_and_sends_no_record(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    # In continuous integration it would keep quiet of its own accord.
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": "", "LOCALAPPDATA": str(home)}
    program = (
        "import pathlib; from lsp_writer.inference.opening import open_model\n"
        f"open_model(pathlib.Path({str(folder)!r}))"
    )
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    assert list(home.rglob("*")) == []
