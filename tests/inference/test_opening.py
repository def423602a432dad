"""From a model folder to a model on a device: what is refused, and what falls back to the processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import onnxruntime as ort
import pytest

from lsp_writer.errors import DeviceUnavailable, ModelUnavailable
from lsp_writer.inference import onnx_session
from lsp_writer.inference.manifest import Manifest, Probe
from lsp_writer.inference.opening import open_model
from tests import tiny_model


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


def test_a_gpu_that_breaks_down_on_the_probe_is_replaced_by_the_cpu(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was only a GPU's wrong answer that fell back; one without memory left the writer without a model."""
    for_the_gpu(folder)
    # ONNX Runtime is let believe in a card; it fails where the buffers are allocated on it.
    monkeypatch.setattr(onnx_session, "available_devices", lambda: ("cpu", "cuda"))
    monkeypatch.setitem(onnx_session._PROVIDERS, "cuda", "CPUExecutionProvider")
    opened = open_model(folder)
    assert opened.device == "cpu"
    assert "The GPU cannot run this model" in opened.message


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
