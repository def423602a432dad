"""From a model folder to a model on a device: what is refused, and what falls back to the processor."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np
import onnxruntime as ort
import pytest

from lsp_writer.errors import DeviceUnavailable, ModelUnavailable
from lsp_writer.inference import onnx_session
from lsp_writer.inference.manifest import Manifest, Probe
from lsp_writer.inference.onnx_cache import SharedCache
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.opening import open_model
from lsp_writer.inference.recording import MOST_RECORDINGS
from tests import tiny_model

pytestmark = pytest.mark.slow

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


@pytest.mark.parametrize(
    ("probe", "layout"),
    [
        (Probe(token_ids=(1, 2), top_ids=(0,), top_logits=(0.0,), tolerance=1e9), {"heads": 3}),
        (Probe(token_ids=(1, 2), top_ids=(0,), top_logits=(0.0,), tolerance=1e9), {"layers": 3}),
        (Probe(token_ids=(1, 2), top_ids=(256,), top_logits=(0.0,), tolerance=1e9), {}),
        (Probe(token_ids=(1, 999), top_ids=(0,), top_logits=(0.0,), tolerance=1e9), {}),
    ],
)
def test_a_manifest_that_is_not_of_its_graph_is_said(folder: Path, probe: Probe, layout: dict[str, int]) -> None:
    """The doctor ended in a traceback."""
    layouts = msgspec.structs.replace(tiny_model.GRAPH.kv, **layout)
    tiny_model.write_manifest(folder, probe, msgspec.structs.replace(tiny_model.GRAPH, kv=layouts))
    with pytest.raises(ModelUnavailable, match=r"cannot be run \(.+\)\. Export it again") as raised:
        open_model(folder)
    assert "\n" not in str(raised.value)


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


class CardThatIsTooSmall(Card):
    loads: ClassVar[list[dict[str, str]]] = []

    def load(self) -> None:
        self.loads.append(self.limits)
        raise RuntimeError("BFCArena::AllocateRawInternal Available memory of 0 is smaller than requested bytes of 64")


class CardThatComputesNonsense(Card):
    def run_with_iobinding(self, binding: ort.IOBinding, options: ort.RunOptions) -> None:
        super().run_with_iobinding(binding, options)
        if self.provider == "CUDAExecutionProvider":
            logits = binding.get_outputs()[-1]
            logits.update_inplace(np.full(logits.shape(), np.nan, np.float32))


class CardWithoutRecordings(Card):
    def load(self) -> None:
        if "enable_cuda_graph" in self.limits:
            raise RuntimeError("This session cannot use the graph capture feature as requested by the user")


class CardThatPlaysBackTheSame(Card):
    """What it has recorded gives the first answer again, whatever stands in its places."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        self.recorded: dict[str, np.ndarray] = {}

    def run_with_iobinding(self, binding: ort.IOBinding, options: ort.RunOptions) -> None:
        super().run_with_iobinding(binding, options)
        if number := recording(options):
            logits = binding.get_outputs()[-1]
            logits.update_inplace(self.recorded.setdefault(number, logits.numpy().copy()))


class CardThatNotes(Card):
    """Which passes were recorded, and under which number."""

    numbers: ClassVar[list[str]] = []

    def run_with_iobinding(self, binding: ort.IOBinding, options: ort.RunOptions) -> None:
        self.numbers.append(options.get_run_config_entry("gpu_graph_id"))
        super().run_with_iobinding(binding, options)


def recording(options: ort.RunOptions) -> str:
    number = "-1"
    with contextlib.suppress(RuntimeError):  # a session that does not record is told nothing
        number = options.get_run_config_entry("gpu_graph_id")
    return "" if number == "-1" else number


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


def count_copies(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The bytes that are fetched from the card and sent to it from now on."""
    copied = {"down": 0, "up": 0}
    fetch, send, update = ort.OrtValue.numpy, ort.OrtValue.ortvalue_from_numpy, ort.OrtValue.update_inplace

    def numpy(value: ort.OrtValue) -> np.ndarray:
        copied["down"] += value.tensor_size_in_bytes()
        return np.array(fetch(value))

    def ortvalue_from_numpy(array: np.ndarray, *device: str) -> ort.OrtValue:
        copied["up"] += array.nbytes
        return send(array, *device)

    def update_inplace(value: ort.OrtValue, array: np.ndarray) -> None:
        copied["up"] += array.nbytes
        update(value, array)

    monkeypatch.setattr(ort.OrtValue, "numpy", numpy)
    monkeypatch.setattr(ort.OrtValue, "ortvalue_from_numpy", ortvalue_from_numpy)
    monkeypatch.setattr(ort.OrtValue, "update_inplace", update_inplace)
    return copied


def test_rows_go_by_way_of_the_processor_no_oftener_than_they_must(
    gpu_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fork also fetched its own new buffers, still empty, and rows that stayed went back and forth."""
    plug_in(Card, monkeypatch)
    model = open_model(gpu_folder).model
    cache = model.new_cache(20)
    assert isinstance(cache, SharedCache)
    model.forward(np.array([[5, 6, 7]]), cache)
    row_of_20 = sum(buffer.tensor_size_in_bytes() for buffer in cache.buffers.values())
    row_of_5 = row_of_20 // 4
    copied = count_copies(monkeypatch)
    fork = model.fork(cache, 3, 2)
    assert copied == {"down": row_of_20, "up": 3 * row_of_5}
    assert isinstance(fork, SharedCache)
    fork.select([0, 1, 2])
    assert copied == {"down": row_of_20, "up": 3 * row_of_5}
    fork.select([2, 2])
    assert copied == {"down": row_of_20 + 3 * row_of_5, "up": (3 + 2) * row_of_5}


def test_what_a_card_happened_to_hold_is_not_handed_on(gpu_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is chosen takes what was read along, and none of the rest: it may hold what is not a number."""
    plug_in(Card, monkeypatch)
    model = open_model(gpu_folder).model
    cache = model.new_cache(20)
    model.forward(np.array([[5, 6, 7]]), cache)
    fork = model.fork(cache, 2, 2)
    assert isinstance(fork, SharedCache)
    for buffer in fork.buffers.values():
        buffer.numpy()[:, :, fork.length :] = np.nan
    fork.select([1])
    assert all((buffer.numpy()[:, :, fork.length :] == 0).all() for buffer in fork.buffers.values())
    alone = model.forward(np.array([[8]]), cache)
    np.testing.assert_allclose(model.forward(np.array([[8]]), fork), alone, atol=1e-4)


def test_each_cache_is_read_on_by_a_recording_of_its_own(gpu_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under one number for two caches, the second would be read on in the first one's places."""
    plug_in(CardThatNotes, monkeypatch)
    model = open_model(gpu_folder).model
    numbers: list[str] = []
    monkeypatch.setattr(CardThatNotes, "numbers", numbers)
    caches = [model.new_cache(20), model.new_cache(20)]
    for cache in caches:
        model.forward(np.array([[5, 6, 7]]), cache)
    for _ in range(3):
        for cache in caches:
            model.forward(np.array([[8]]), cache)
    model.forward(np.array([[9]]), model.fork(caches[0], 1, 3))
    assert numbers == [*["-1"] * 4, "2", "3", "2", "3", "-1"]  # the first recording was the probe's


def test_a_single_token_is_not_worth_a_recording(gpu_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A critique whose last chunk was one token long spent one at every hover."""
    plug_in(CardThatNotes, monkeypatch)
    model = open_model(gpu_folder).model
    numbers: list[str] = []
    monkeypatch.setattr(CardThatNotes, "numbers", numbers)
    model.forward(np.array([[5]]), model.new_cache(4))
    assert numbers == ["-1"]


def test_recordings_are_few(gpu_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is given back while the model is there: in the end they would fill the card."""
    plug_in(CardThatNotes, monkeypatch)
    model = open_model(gpu_folder).model
    numbers: list[str] = []
    monkeypatch.setattr(CardThatNotes, "numbers", numbers)
    for _ in range(MOST_RECORDINGS + 5):
        cache = model.new_cache(4)
        for token in (5, 6):
            model.forward(np.array([[token]]), cache)
    assert len(set(numbers) - {"-1"}) == MOST_RECORDINGS - 1


@pytest.mark.parametrize("card", [CardWithoutRecordings, CardThatPlaysBackTheSame])
def test_a_gpu_that_cannot_record_does_the_rest(
    gpu_folder: Path, monkeypatch: pytest.MonkeyPatch, card: type[Card]
) -> None:
    plug_in(card, monkeypatch)
    model = OnnxModel(gpu_folder, tiny_model.COPYING_GRAPH)
    token_ids = (5, 6, 7, 8, 9)
    answer = model.forward(np.array([token_ids]), model.new_cache(5))[0, -1]
    best = np.argsort(-answer)[:3]
    probe = Probe(
        token_ids=token_ids, top_ids=tuple(map(int, best)), top_logits=tuple(map(float, answer[best])), tolerance=0.1
    )
    tiny_model.write_manifest(gpu_folder, probe, tiny_model.COPYING_GRAPH)
    for_the_gpu(gpu_folder)
    opened = open_model(gpu_folder)
    assert (opened.device, opened.message) == ("cuda", "")
    cache = opened.model.new_cache(5)
    for token in token_ids:
        logits = opened.model.forward(np.array([[token]]), cache)[0, -1]
    np.testing.assert_allclose(logits, answer, atol=1e-4)


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


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (0, "not enough memory for the model on the GPU. Close other programs"),
        (100, "needs more than 100 MB of the GPU's memory. Raise lspWriter.memoryLimit, or choose a smaller model."),
    ],
)
def test_a_card_without_room_is_not_the_drivers_fault(
    gpu_folder: Path, monkeypatch: pytest.MonkeyPatch, limit: int, says: str
) -> None:
    """A memoryLimit that was too small ended in “Set the device to cpu”; and the model was loaded a second time."""
    plug_in(CardThatIsTooSmall, monkeypatch)
    loads: list[dict[str, str]] = []
    monkeypatch.setattr(CardThatIsTooSmall, "loads", loads)
    message = open_model(gpu_folder, memory_limit=limit).message
    assert says in message
    assert "driver" not in message
    assert len(loads) == 1


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
