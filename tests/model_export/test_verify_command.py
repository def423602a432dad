"""`verify`: what the manifest promises is measured again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from lsp_writer.inference import manifest as manifests
from lsp_writer.inference.manifest import load_manifest
from model_export import remeasure
from model_export.__main__ import app
from model_export.remeasure import Measured
from tests.model_export.installed import change_manifest, install_tiny
from tests.tiny_model import UNMEASURED

pytestmark = pytest.mark.slow

PROMISED = msgspec.structs.replace(
    UNMEASURED, reference_perplexity=100.0, prefill_perplexity=100.5, decode_perplexity=100.8
)


def run(data: Path, *arguments: str, name: str = "large") -> Result:
    return CliRunner().invoke(app, ["verify", name, "--data", str(data), *arguments])


def measured_figures(output: str) -> list[float]:
    words = output.replace(",", "").split()
    return [float(word) for word in words if word.replace(".", "").isdigit() and "." in word]


@pytest.fixture
def prose(tmp_path: Path) -> Path:
    file = tmp_path / "prose.txt"
    file.write_text("The lamp went out, and nobody spoke. " * 30, encoding="utf-8")
    return file


def test_a_model_as_it_was_exported(tmp_path: Path, prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model_export.verify.prose", lambda: prose.read_text(encoding="utf-8"))
    folder = install_tiny(tmp_path)
    prefill, decode = measured_figures(run(tmp_path, "--prose", str(prose)).stdout)
    promise(folder, reference_perplexity=prefill, prefill_perplexity=prefill, decode_perplexity=decode)
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "within bounds" in result.stdout
    promise(folder, reference_perplexity=prefill, prefill_perplexity=prefill, decode_perplexity=decode * 1.006)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "one token at a time" in result.stderr.splitlines()[-1]
    assert "Export it again: python -m model_export" in result.stderr


def promise(folder: Path, **figures: float) -> None:
    change_manifest(folder, load_manifest(folder), verification=msgspec.structs.replace(UNMEASURED, **figures))


@pytest.mark.parametrize(
    ("measured", "says"),
    [
        ((100.5, 100.8), []),
        ((100.9, 100.4), []),
        ((101.1, 100.8), ["several tokens at a time is 101.10, more than 0.5%", "above the source's 100.00"]),
        ((99.9, 100.8), ["several tokens at a time is 99.90, more than 0.5% off the manifest's 100.50"]),
        ((100.5, 101.2), ["one token at a time is 101.20, more than 1% above the source's 100.00"]),
        ((float("nan"), 100.8), ["several tokens at a time is nan, more than 0.5%", "is nan, more than 1%"]),
    ],
)
def test_the_bounds(measured: tuple[float, float], says: list[str]) -> None:
    found = remeasure.faults(Measured(100, *measured), PROMISED)
    assert len(found) == len(says)
    for sentence, expected in zip(found, says, strict=True):
        assert expected in sentence


@pytest.mark.parametrize(("measured", "count"), [((99.0, 99.0), 0), ((101.1, 100.8), 2), ((float("nan"), 100.8), 2)])
def test_a_card_may_do_better_than_the_processor_that_was_measured(measured: tuple[float, float], count: int) -> None:
    """A sound model was to be exported again because the card rounds less than the processor."""
    assert len(remeasure.faults(Measured(100, *measured, "cuda"), PROMISED)) == count


def test_another_text_is_measured_and_not_judged(tmp_path: Path, prose: Path) -> None:
    install_tiny(tmp_path, verification=PROMISED)
    result = run(tmp_path, "--prose", str(prose))
    assert (result.exit_code, len(measured_figures(result.stdout))) == (0, 2)
    assert "manifest" not in result.stdout


def test_what_every_prompt_begins_with_is_not_scored(tmp_path: Path) -> None:
    text = tmp_path / "short.txt"
    text.write_text("abcdefgh", encoding="utf-8")
    for name, beginning, tokens in (("without", (), 7), ("with", (5, 6), 8)):
        install_tiny(tmp_path, name, beginning_of_text_ids=beginning)
        assert f"over {tokens} tokens." in run(tmp_path, "--prose", str(text), name=name).stdout


def test_every_file_is_hashed_whatever_its_size(tmp_path: Path, prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flipped bit in a file too large to be hashed at every start."""
    monkeypatch.setattr(manifests, "HASHED_UP_TO", 10)
    graph = install_tiny(tmp_path) / "model.onnx"
    content = bytearray(graph.read_bytes())
    content[-1] ^= 1
    graph.write_bytes(content)
    result = run(tmp_path, "--prose", str(prose))
    assert result.exit_code == 1
    assert "model.onnx was altered since it was exported" in result.stderr


TEXTS: Mapping[str, tuple[bytes, str]] = {
    "not text": (b"\xff\xfe\x00", "not text in UTF-8"),
    "nothing": (b"", "too little text"),
    "one token": (b"a", "too little text"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_that_cannot_be_measured(tmp_path: Path, kind: str) -> None:
    install_tiny(tmp_path)
    content, says = TEXTS[kind]
    (tmp_path / "text").write_bytes(content)
    result = run(tmp_path, "--prose", str(tmp_path / "text"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["nowhere", "../models/large", "default"])
def test_a_model_that_is_not_installed(tmp_path: Path, name: str) -> None:
    install_tiny(tmp_path)
    result = run(tmp_path, name=name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "installed: large" in result.stderr
    if name == "default":
        assert result.stderr.endswith("python -m model_export default\n")


@pytest.mark.model
def test_the_default_model() -> None:
    result = CliRunner().invoke(app, ["verify", "default"])
    assert result.exit_code == 0, result.output
    assert "within bounds" in result.stdout
