"""Which of the precisions is kept, and what is said when none can be."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
import pytest
from rich.console import Console

from lsp_writer.errors import DeviceUnavailable, ExportFailed, ModelUnavailable, OutOfMemory
from lsp_writer.inference.manifest import Graph, Probe
from lsp_writer.inference.onnx_session import out_of_memory
from model_export import choice, verify
from model_export.choice import Chosen, choose
from model_export.progress import Steps
from model_export.recipes import Precision, Recipe, Target, suiting
from model_export.reference import Reference
from tests.tiny_model import GRAPH, HALF_GRAPH, UNMEASURED

pytestmark = pytest.mark.slow

INT4, INT8, INT8_FINE, FP32, FP16 = "int4, blocks of 32", "int8, blocks of 64", "int8, blocks of 32", "fp32", "fp16"
REFERENCE = Reference([], 1, verify.Answers(np.zeros(1), np.zeros(1, np.int64)), np.zeros((1, 1), np.float32), [1])


class Found(NamedTuple):
    """What trying a recipe finds."""

    perplexity: float = 1.0
    speed: float = 50.0
    fails: Callable[[], Exception] | None = None


class Model:
    def __init__(self, recipe: str) -> None:
        self.recipe = recipe


class Bench:
    """A machine on which every recipe does what it is told to; what is not named is good, and of one speed."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = folder / ".full"
        self.full.mkdir()
        self.finds: Mapping[str, Found] = {}
        self.most_candidates = 0
        self.devices = {"cpu"}
        self._opened = weakref.WeakSet[Model]()
        self._rmtree = shutil.rmtree
        monkeypatch.setattr(shutil, "rmtree", self._remove)
        monkeypatch.setattr(choice, "quantize", self._quantize)
        monkeypatch.setattr(choice, "OnnxModel", self._open)
        monkeypatch.setattr(choice, "_measure", self._measure)
        monkeypatch.setattr(choice, "_speed", lambda model, _: self.finds.get(model.recipe, Found()).speed)
        monkeypatch.setattr(choice, "_graph_difference", lambda *_: 0.0)
        monkeypatch.setattr(
            verify, "make_probe", lambda *_: Probe(token_ids=(), top_ids=(), top_logits=(), tolerance=1)
        )

    def folders(self) -> list[Path]:
        return list(self.full.parent.glob("candidate-*"))

    def choose(
        self, finds: Mapping[str, Found], precision: Precision | Literal["auto"] = "auto", target: Target = "cpu"
    ) -> Chosen:
        self.finds = finds
        graph = GRAPH if target == "cpu" else HALF_GRAPH
        with Steps(Console(quiet=True)) as steps:
            return choose(suiting(target, precision), self.full, graph, REFERENCE, steps)

    def _quantize(self, recipe: Recipe, _: Path, folder: Path) -> None:
        (folder / "recipe").write_text(recipe.name)
        self.most_candidates = max(self.most_candidates, len(self.folders()))

    def _open(self, folder: Path, _: Graph, device: str = "cpu") -> Model:
        if device not in self.devices:
            raise DeviceUnavailable("There is none here. Set the device to cpu.")
        model = Model((folder / "recipe").read_text())
        self._opened.add(model)
        return model

    def _remove(self, folder: Path) -> None:
        assert not self._opened, "Windows removes no file that is still mapped"
        self._rmtree(folder)

    def _measure(self, recipe: Recipe, *_: object) -> Any:
        found = self.finds.get(recipe.name, Found())
        if found.fails:
            raise found.fails()
        return msgspec.structs.replace(
            UNMEASURED, prefill_perplexity=found.perplexity, decode_perplexity=found.perplexity
        )


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


BAD = Found(perplexity=1.02)
NO_KERNEL = Found(fails=lambda: ModelUnavailable("ONNX Runtime cannot load it."))


@pytest.mark.parametrize(
    ("finds", "tried", "kept"),
    [
        ({INT4: Found(speed=79), INT8: Found(speed=110)}, [INT4, INT8], INT8),
        ({INT4: Found(speed=110), INT8: Found(speed=79)}, [INT4, INT8], INT4),
        ({}, [INT4, INT8], INT4),
        ({INT4: Found(speed=100), INT8: Found(speed=105)}, [INT4, INT8], INT4),
        ({INT4: Found(speed=79), INT8: Found(1.02, 110)}, [INT4, INT8], INT4),
        ({INT8: NO_KERNEL}, [INT4], INT4),
        ({INT8: Found(fails=out_of_memory)}, [INT4], INT4),
        ({INT4: BAD}, [INT4, INT8], INT8),
        ({INT4: NO_KERNEL, INT8: BAD}, [INT8, INT8_FINE], INT8_FINE),
        ({INT4: BAD, INT8: BAD, INT8_FINE: BAD}, [INT4, INT8, INT8_FINE, FP32], FP32),
    ],
)
def test_the_faster_of_those_that_are_good_is_kept(
    bench: Bench, finds: Mapping[str, Found], tried: list[str], kept: str
) -> None:
    """int4 was kept at 79 tokens a second where int8 wrote 110."""
    chosen = bench.choose(finds)
    assert [one.precision for one in chosen.candidates] == tried
    assert [one.precision for one in chosen.candidates if one.kept] == [kept]
    assert (chosen.folder / "recipe").read_text() == kept
    assert kept.startswith(chosen.precision)
    assert chosen.verification.decode_perplexity == finds.get(kept, Found()).perplexity
    assert bench.folders() == [chosen.folder]
    assert bench.most_candidates <= 2


def test_a_card_is_not_judged_by_the_processors_speed(bench: Bench) -> None:
    """`list` gave a model for a card the six tokens a second that a processor had written with it."""
    chosen = bench.choose({INT4: Found(speed=5), INT8: Found(speed=9)}, target="cuda")
    assert [(one.precision, one.decode_tokens_per_second, one.kept) for one in chosen.candidates] == [(INT4, 0, True)]


def test_where_there_is_a_card_the_card_is_judged(bench: Bench) -> None:
    bench.devices.add("cuda")
    chosen = bench.choose({INT4: Found(speed=90), INT8: Found(speed=120)}, target="cuda")
    assert [(one.precision, one.decode_tokens_per_second) for one in chosen.candidates] == [(INT4, 90), (INT8, 120)]
    assert chosen.precision == "int8"


def test_running_out_of_memory_is_said_and_nothing_larger_tried(bench: Bench) -> None:
    """Each larger precision was tried in turn, and then: “Leave the precision to --precision auto”, which it was."""
    with pytest.raises(OutOfMemory, match="Close other programs, or choose a smaller model"):
        bench.choose({INT4: BAD, INT8: Found(fails=out_of_memory)})
    assert bench.most_candidates == 1


@pytest.mark.parametrize("find", [BAD, NO_KERNEL])
@pytest.mark.parametrize(
    ("precision", "says"),
    [("auto", "Choose another model, or another --graph."), ("int8", "Leave the precision to --precision auto")],
)
def test_none_is_good(bench: Bench, find: Found, precision: Precision | Literal["auto"], says: str) -> None:
    with pytest.raises(ExportFailed, match=says):
        bench.choose(dict.fromkeys((INT4, INT8, INT8_FINE, FP32), find), precision)
    assert bench.folders() == []
