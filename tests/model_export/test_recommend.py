"""`recommend`: what suits a machine, and what is said of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lsp_writer.features.revision.work import MOST_SIDE_BY_SIDE
from lsp_writer.generation import Kind
from lsp_writer.inference import engine, loading, word_ranking
from lsp_writer.inference.graphics_card import GraphicsCard
from model_export import machine as machines
from model_export import models_document
from model_export.__main__ import app
from model_export.larger_models import CACHED_TOKENS, LargerModel, larger_models
from model_export.machine import Machine
from model_export.recommend import describe, obstacle, recommend

GIB = 1024**3
PROJECT = Path(__file__).parents[2]


def machine(memory: int, card: int | None = None, disk: int = 1000, speed: float = 0) -> Machine:
    """With so many GB of each, where the default model writes `speed` tokens a second."""
    found = None if card is None else GraphicsCard("A card", card * GIB, "580.65", "13.0")
    return Machine(memory * GIB, disk * GIB, found, default_speed=speed)


def named(name: str) -> LargerModel:
    return next(model for model in larger_models() if model.name == name)


@pytest.mark.parametrize(
    ("have", "multilingual", "name", "target"),
    [
        (machine(8), False, "qwen2.5-0.5b", "cpu"),
        (machine(64), False, "qwen2.5-0.5b", "cpu"),
        (machine(8, speed=200), False, "qwen2.5-0.5b", "cpu"),
        (machine(16, speed=200), False, "qwen2.5-1.5b", "cpu"),
        (machine(64, speed=200), False, "smollm2-1.7b", "cpu"),
        (machine(64, speed=200), True, "qwen2.5-1.5b", "cpu"),
        (machine(32, card=8), False, "qwen2.5-1.5b", "cuda"),
        (machine(32, card=8), True, "qwen2.5-1.5b", "cuda"),
        (machine(64, card=24), False, "qwen3-4b", "cuda"),
        (machine(96, card=24), False, "qwen2.5-7b", "cuda"),
        (machine(16, card=1), False, "qwen2.5-0.5b", "cpu"),
        (machine(16, disk=10, speed=200), False, "qwen2.5-0.5b", "cpu"),
        (machine(64, speed=100), False, "qwen2.5-0.5b", "cpu"),
        (machine(64, speed=50), False, "smollm2-360m", "cpu"),
        (machine(64, speed=500), False, "qwen3-4b", "cpu"),
    ],
)
def test_the_largest_that_suits(have: Machine, multilingual: bool, name: str, target: str) -> None:
    chosen = recommend(have, multilingual=multilingual)
    assert chosen is not None
    assert (chosen.model.name, chosen.target) == (name, target)
    assert chosen.command.startswith(f"python -m model_export export {chosen.model.id} --name {name}")
    assert chosen.command.endswith(" --target cuda") == (target == "cuda")


@pytest.mark.parametrize(
    "have", [machine(2), machine(64, disk=1), machine(0), machine(0, card=24), machine(64, speed=20)]
)
def test_nothing_suits(have: Machine) -> None:
    assert recommend(have) is None


@pytest.mark.parametrize(
    ("have", "name", "reason"),
    [
        (machine(8, speed=200), "qwen2.5-1.5b", "its export takes 12.8 GB of memory"),
        (machine(16, speed=200), "smollm2-1.7b", "its export takes 14.2 GB of memory"),
        (machine(6), "smollm2-1.7b", "it takes 4.3 GB of memory"),
        (machine(64), "qwen2.5-1.5b", "too slow without a graphics card"),
        (machine(64, speed=110), "qwen3-4b", "too slow without a graphics card (some 4 tokens a second)"),
        (machine(64, disk=20, speed=200), "smollm2-1.7b", "its export takes 24.0 GB on the disk"),
        (machine(0), "smollm2-360m", "it takes 1.0 GB of memory, and how much there is is unknown"),
    ],
)
def test_why_not(have: Machine, name: str, reason: str) -> None:
    assert obstacle(named(name), have, "cpu") == reason


def test_a_speed_that_nobody_measured_is_that_of_the_machine_where_one_did() -> None:
    """16 GB laptops were named a model by a speed of 200 tokens a second, which was measured nowhere."""
    unmeasured, measured = machine(16), machine(16, speed=115)
    assert recommend(unmeasured) == recommend(measured)
    assert not obstacle(named("qwen2.5-0.5b"), unmeasured, "cpu")
    assert obstacle(named("qwen2.5-1.5b"), unmeasured, "cpu") == "too slow without a graphics card"


def test_memory_is_weights_caches_and_the_server() -> None:
    model = named("qwen2.5-0.5b")
    assert model.memory("cpu") == 524_909_816 + 24 * 2 * 2 * 64 * 4 * 5952 + 150_000_000
    assert model.memory("cuda") == 2 * 494_032_768 + 24 * 2 * 2 * 64 * 2 * 50_640 + 150_000_000


def test_the_caches_are_as_large_as_the_servers() -> None:
    rest = sum(engine._CAPACITY.values()) + engine._CAPACITY[Kind.REVISION]  # it has two lanes
    full = {device: 2 * sizes.typing_tokens + rest for device, sizes in loading.SIZES.items()}
    assert CACHED_TOKENS["cpu"] == full["cpu"]
    assert CACHED_TOKENS["cuda"] == full["cuda"] + copied_on_a_card()


def copied_on_a_card() -> int:
    """Tokens in the copies that one word beam and one rewrite make there, each while it goes on with fewer rows.

    A model that filled an 8 GB card with its caches alone was recommended for it, and had no room for these.
    """
    prompt = loading.SIZES["cuda"].typing_tokens - engine._DECODED_WHILE_TYPING
    beam = max(map(sum, itertools.pairwise(word_ranking._WIDTHS))) * (prompt + word_ranking.MOST_TOKENS)
    rewrite = (2 * MOST_SIDE_BY_SIDE - 1) * engine._CAPACITY[Kind.REVISION]
    return beam + rewrite


def test_the_models_are_in_order_and_can_be_named() -> None:
    sizes = [model.parameters for model in larger_models()]
    assert sizes == sorted(sizes)
    assert len({model.name for model in larger_models()}) == len(larger_models())


def run(data: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["recommend", "--data", str(data), *arguments])
    assert result.exit_code == 0, result.output
    return result


def with_nvidia_smi(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """The only program on the path answers as a driver does."""
    folder.mkdir()
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            '[ "$1" ] && echo "RTX 4090, 24564, 580.65.06" || echo "CUDA Version: 13.0"',
            "driver 580.65.06 for CUDA 13.0",
        ),
        ('[ "$1" ] && echo "RTX 4090, 24564, 550.54.14" || echo "CUDA Version: 12.4"', "its driver is too old"),
        ("echo NVIDIA-SMI has failed; exit 9", "NVIDIA-SMI has failed"),
        ("echo", "no NVIDIA card"),
    ],
)
def test_the_machine_and_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str) -> None:
    monkeypatch.setattr(machines, "_memory", lambda: 64 * GIB)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000 * GIB}))
    with_nvidia_smi(monkeypatch, tmp_path / "bin", script)
    result = run(tmp_path)
    assert says in result.stderr
    on_card = "580" in script
    assert result.stdout == (
        "python -m model_export export Qwen/Qwen3-4B-Instruct-2507 --name qwen3-4b --target cuda\n"
        if on_card
        else "python -m model_export export Qwen/Qwen2.5-0.5B-Instruct --name qwen2.5-0.5b\n"
    )


def test_a_models_languages_are_said_in_words() -> None:
    """It said "(multilingual, Chinese)"."""
    said = "\n".join(describe(machine(16)))
    assert "Qwen/Qwen2.5-0.5B-Instruct (Chinese and other languages): suits the processor\n" in said
    assert "meta-llama/Llama-3.2-1B-Instruct (multilingual): " in said


def test_a_machine_too_small_for_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "_memory", lambda: GIB)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(tmp_path)
    assert result.stdout == ""
    assert "The default model does: python -m model_export default" in result.stderr


def test_this_machine_has_memory() -> None:
    assert machines._memory() > GIB / 4


def test_the_document_is_up_to_date() -> None:
    document = (PROJECT / models_document.DOCUMENT).read_text(encoding="utf-8")
    assert document == models_document.updated(document), "run: python -m model_export.models_document --write"
