"""`list`: every installed model with what was measured of it, and the mend of those that are damaged."""

from __future__ import annotations

from pathlib import Path

import msgspec
from typer.testing import CliRunner, Result

from lsp_writer.inference.manifest import Candidate, Judgement, Source
from model_export.__main__ import app
from tests.model_export.installed import install_tiny
from tests.tiny_model import UNMEASURED

MEASURED = msgspec.structs.replace(
    UNMEASURED, tokens=3066, reference_perplexity=27.707, decode_perplexity=27.846, decode_agreement=0.939
)

JUDGED = tuple(
    Judgement(language=language, passages=24, choices=6, right=right)
    for language, right in (("en", 0.875), ("de", 0.75))
)


def candidate(precision: str, speed: float, *, kept: bool) -> Candidate:
    return Candidate(
        precision=precision, size=1, perplexity=28.0, agreement=0.9, decode_tokens_per_second=speed, kept=kept
    )


def run(data: Path) -> Result:
    result = CliRunner().invoke(app, ["list", "--data", str(data)])
    assert result.exit_code == 0, result.output
    return result


def test_a_row_for_each_model(tmp_path: Path) -> None:
    source = Source(kind="checkpoint", id="Qwen/Qwen2.5-0.5B", revision="", sha256="", licence="Apache-2.0")
    tried = (candidate("int4", 90, kept=False), candidate("int8", 71.4, kept=True))
    install_tiny(
        tmp_path, "large", source=source, precision="int8", verification=MEASURED, candidates=tried, judgements=JUDGED
    )
    install_tiny(tmp_path, "default")
    header, *rows = (line.split() for line in run(tmp_path).stdout.splitlines())
    assert header[:5] == ["name", "source", "precision", "target", "size"]
    assert rows[0][:6] == ["default", "random", "fp32", "cpu", "0", "MB"]
    assert rows[0][-4:] == ["not", "measured"] * 2
    assert rows[1] == [
        *(
            "large",
            "Qwen/Qwen2.5-0.5B",
            "int8",
            "cpu",
            "0",
            "MB",
            "27.85",
            "/",
            "27.71",
            "93.9%",
            "88%",
            "(en),",
            "75%",
            "(de)",
            "71",
        ),
    ]


def test_a_card_model_does_not_come_with_the_processors_speed(tmp_path: Path) -> None:
    install_tiny(tmp_path, target="cuda", candidates=(candidate("int4", 0, kept=True),))
    assert run(tmp_path).stdout.splitlines()[1].split()[-2:] == ["not", "measured"]


def test_a_damaged_model_comes_with_its_mend(tmp_path: Path) -> None:
    (install_tiny(tmp_path) / "model.onnx").unlink()
    result = run(tmp_path)
    assert result.stdout == ""
    assert result.stderr.startswith("large is damaged: ")
    assert "model.onnx is missing. Export it again" in result.stderr


def test_no_models(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert "Make one: python -m model_export default" in result.stderr
    assert not (tmp_path / "models").exists()
