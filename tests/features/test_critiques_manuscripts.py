"""What the rules say of whole manuscripts, kept as text, so that every change of behaviour shows as a diff on prose.

After a change that is meant, write the findings anew and read the diff:

    LSP_WRITER_REGENERATE=1 pytest tests/features/test_critiques_manuscripts.py
"""

import asyncio
import os
from pathlib import Path

import pytest

from benchmarks.critique import PLANTED, planted
from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.review import review
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span

MANUSCRIPTS = sorted((Path(__file__).parents[1] / "manuscripts").glob("*.md"))
SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.md"))
WHOLE = [*MANUSCRIPTS, *SAMPLES, PLANTED]


async def findings_of(text: str) -> str:
    """Every sentence, with the facts of its paragraph and what is worth a look."""
    manuscript = Manuscript("file:///manuscript.md", 1, Rope.of(text))
    critic = Critic()
    lines: list[str] = []
    for paragraph in paragraphs_in(manuscript, Span(0, len(text))):
        facts = ""
        for sentence in sentence_spans(text[paragraph.start : paragraph.end]):
            found = await review(critic, None, manuscript, paragraph.start + sentence.start, Wishes())
            assert found is not None
            if found.facts != facts:
                lines += ("", f"== {found.facts}")
                facts = found.facts
            lines.append(text[found.span.start : found.span.end].replace("\n", " "))
            for finding in found.findings:
                lines.append(f"  {finding.kind} [{text[finding.span.start : finding.span.end]}]")
                lines.append(f"    {finding.reason} {finding.suggestion}")
    return "\n".join(lines).lstrip() + "\n"


@pytest.mark.parametrize("path", MANUSCRIPTS, ids=lambda path: path.stem)
def test_findings_of_manuscripts(path: Path) -> None:
    kept = path.with_suffix(".findings.txt")
    found = asyncio.run(findings_of(path.read_text(encoding="utf-8")))
    if os.environ.get("LSP_WRITER_REGENERATE"):
        kept.write_text(found, encoding="utf-8")
    assert found == kept.read_text(encoding="utf-8")


def whole_findings_of(text: str) -> str:
    """What all rules find, those that compare paragraphs and proofreading among them, with the line each is on."""
    lines: list[str] = []
    for finding in Critic().in_story(Manuscript("file:///manuscript.md", 1, Rope.of(text)), slow=True):
        found = text[finding.span.start : finding.span.end].replace("\n", " ")
        lines.append(f"{text.count(chr(10), 0, finding.span.start) + 1}: {finding.kind} [{found}]")
        lines.append(f"    {finding.reason} {finding.suggestion}")
    return "\n".join(lines) + "\n"


@pytest.mark.slow
@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_findings_of_whole_manuscripts(path: Path) -> None:
    kept = Path(__file__).parents[1] / "manuscripts" / f"{path.stem}.whole.txt"
    text = path.read_text(encoding="utf-8")
    found = whole_findings_of(planted(text).text if path == PLANTED else text)
    if os.environ.get("LSP_WRITER_REGENERATE"):
        kept.write_text(found, encoding="utf-8")
    assert found == kept.read_text(encoding="utf-8")


def test_there_are_manuscripts() -> None:
    assert len(MANUSCRIPTS) >= 3
    assert len(SAMPLES) >= 2
