"""What was judged on published fiction (verdicts.toml) is said as it was judged: no right finding is lost, and none
that was wrong and has been mended comes back.

Kinds whose evidence is a whole book, and those of the model, are kept and counted, but not found again here.
"""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.verdicts import Verdict, kept_verdicts
from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from tests.features.critiques.marked_rule import unmarked

NOT_REPLAYED = {
    CritiqueKind.NAME_SPELLING,
    CritiqueKind.MIXED_SPELLING,
    CritiqueKind.TENSE_SLIP,
    CritiqueKind.VIEWPOINT_SLIP,
    CritiqueKind.SENSES,
    CritiqueKind.DASH,
    CritiqueKind.AWKWARD,
    CritiqueKind.PREDICTABLE,
}
PROOFREAD = {CritiqueKind.GRAMMAR, CritiqueKind.SPELLING}


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return kept_verdicts()


def is_said(critic: Critic, verdict: Verdict) -> bool:
    text, (span,) = unmarked(verdict.text)
    manuscript = Manuscript("file:///judged", 1, Rope.of(text), markdown=verdict.corpus.endswith(".md"))
    found = critic.in_story(manuscript, slow=verdict.kind in PROOFREAD)
    return any(finding.kind == verdict.kind and finding.span == span for finding in found)


def around(marked: str) -> str:
    start, end = marked.index("⟦"), marked.index("⟧")
    return " ".join(f"{marked[max(start - 60, 0) : start]}{marked[start:end][:80]}{marked[end : end + 60]}".split())


@pytest.mark.slow
def test_rules_say_what_was_judged_and_nothing_that_was_mended(verdicts: list[Verdict]) -> None:
    critic = Critic()
    changed = [
        f"{'lost' if verdict.said else 'back'}: {verdict.kind}, which was {verdict.verdict}: {around(verdict.text)}"
        for verdict in verdicts
        if verdict.kind not in NOT_REPLAYED and is_said(critic, verdict) != verdict.said
    ]
    assert not changed, "\n" + "\n".join(changed)


def test_one_in_ten_is_wrong_at_most(verdicts: list[Verdict]) -> None:
    said = [verdict for verdict in verdicts if verdict.said and verdict.kind not in OFF]
    judged = Counter(verdict.kind for verdict in said)
    wrong = Counter(verdict.kind for verdict in said if verdict.verdict == "wrong")
    assert {kind: (count, judged[kind]) for kind, count in wrong.items() if count * 10 > judged[kind]} == {}
    assert wrong.total() * 10 <= judged.total()


def test_two_hundred_were_drawn_by_lot(verdicts: list[Verdict]) -> None:
    drawn = [verdict for verdict in verdicts if verdict.drawn]
    assert len(drawn) == 200
    assert all(verdict.said and verdict.kind not in OFF for verdict in drawn)
    assert sum(verdict.verdict == "wrong" for verdict in drawn) * 10 <= len(drawn)


def test_a_wrong_verdict_says_why(verdicts: list[Verdict]) -> None:
    assert [around(verdict.text) for verdict in verdicts if bool(verdict.why) != (verdict.verdict == "wrong")] == []
