"""What was judged of critiques on published fiction, and findings drawn to be judged.

`python -m benchmarks.verdicts` counts the verdicts that are kept, by kind. `--draw N --corpus FILE …` prints N findings
to be judged, drawn at random from all that is said there by default.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from benchmarks.report import finish
from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span

KEPT = Path(__file__).parents[1] / "tests" / "features" / "critiques" / "verdicts.toml"


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that was judged. `text` is the paragraphs it is about, or as much of them as it needs, with the finding
    between ⟦ and ⟧. `why` it is wrong, if it is. Not `said`: the rule has been mended and says it no more. `drawn`: by
    lot, and not because all of its kind were judged."""

    corpus: str
    kind: CritiqueKind
    text: str
    verdict: Literal["right", "taste", "wrong"]
    why: str = ""
    said: bool = True
    drawn: bool = False


def kept_verdicts() -> list[Verdict]:
    class Kept(msgspec.Struct, forbid_unknown_fields=True):
        judged: list[Verdict]

    return msgspec.toml.decode(KEPT.read_bytes(), type=Kept).judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", type=int, default=0, metavar="N", help="print so many findings to be judged")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws others")
    parser.add_argument(
        "--corpus", type=Path, nargs="*", default=[], metavar="FILE", help="published fiction, in UTF-8"
    )
    given = parser.parse_args()
    if given.draw:
        found = [marked for file in given.corpus for marked in _found(file)]
        for corpus, kind, text in random.Random(given.seed).sample(found, min(given.draw, len(found))):
            print(f"[[judged]]\ncorpus = \"{corpus}\"\nkind = \"{kind}\"\ntext = '''\n{text}'''\nverdict = \"\"\n")
    _count(kept_verdicts())


def _found(file: Path) -> Iterator[tuple[str, CritiqueKind, str]]:
    """Every finding in `file` as its kind and the marked paragraphs it is about."""
    text = file.read_text(encoding="utf-8")
    manuscript = Manuscript(file.resolve().as_uri(), 1, Rope.of(text), file.suffix == ".md")
    paragraphs = paragraphs_in(manuscript, Span(0, len(text)))
    for finding in Critic().in_story(manuscript, slow=True):
        if finding.kind in OFF:
            continue
        about = [paragraph for paragraph in paragraphs if paragraph.overlaps(finding.span)]
        before, after = text[about[0].start : finding.span.start], text[finding.span.end : about[-1].end]
        yield file.stem, finding.kind, f"{before}⟦{text[finding.span.start : finding.span.end]}⟧{after}"


def _count(verdicts: Sequence[Verdict]) -> None:
    judged = Counter(verdict.kind for verdict in verdicts if verdict.said)
    wrong = Counter(verdict.kind for verdict in verdicts if verdict.said and verdict.verdict == "wrong")
    for kind in CritiqueKind:
        print(f"{kind:24} {'off' if kind in OFF else 'on':4} {judged[kind]:4} judged {wrong[kind]:4} wrong")
    drawn = [verdict for verdict in verdicts if verdict.drawn]
    finish(
        {
            "drawn": len(drawn),
            "drawn_wrong": sum(verdict.verdict == "wrong" for verdict in drawn),
            "judged": sum(count for kind, count in judged.items() if kind not in OFF),
            "wrong": sum(count for kind, count in wrong.items() if kind not in OFF),
        }
    )


if __name__ == "__main__":
    main()
