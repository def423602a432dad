"""What holds for every rule."""

import pytest

from benchmarks.critique import PLANTED, planted
from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import Finding
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    story = planted(PLANTED.read_text(encoding="utf-8"))
    return Critic().in_story(Manuscript("file:///planted.md", 1, Rope.of(story.text)))


def test_a_finding_has_one_reason_and_one_suggestion(findings: list[Finding]) -> None:
    assert len({finding.kind for finding in findings}) > 10
    for finding in findings:
        assert ". " not in finding.reason.replace("Mrs. ", "").replace("Mr. ", "")
        assert finding.reason.endswith(".")
        assert finding.suggestion.startswith("Try ")
