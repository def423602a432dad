"""What stands behind the server in tests of its own part: every sentence of the passage in capitals, one by one."""

from __future__ import annotations

import asyncio

import pytest

from lsp_writer.errors import RevisionRejected
from lsp_writer.features.revision.commission import Alternative, Commission, OnProgress, Progress, Revised
from lsp_writer.features.revision.target import Target
from lsp_writer.generation import TextModel
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.sentences import sentence_spans


class ScriptedRevise:
    """Alternatives after the first have their seed behind them. An insertion is a paragraph with its seed in it.

    `goes_on` lets it begin the next sentence, or not. `commissions` and `read` are what it was given, in order.
    """

    def __init__(self) -> None:
        self.commissions: list[Commission] = []
        self.read: list[str] = []
        #: The text before the passage, as it was given.
        self.before: list[str] = []
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        #: Waits before the sentence of this number, counted over all passages, until it `goes_on`.
        self.waits_at = 0
        self.rejects = ""
        self.note = ""
        self._done = 0

    async def __call__(
        self,
        _model: TextModel,
        manuscript: Manuscript,
        target: Target,
        commission: Commission,
        on_progress: OnProgress,
    ) -> Revised:
        passage = manuscript.text.slice(target.passage.start, target.passage.end)
        self.commissions.append(commission)
        self.read.append(passage)
        self.before.append(manuscript.text.slice(0, target.passage.start))
        seeds = range(commission.seed, commission.seed + commission.alternatives)
        if commission.entry.does == "insert":
            texts = [f"\n\nInsertion {seed}." for seed in seeds]
        else:
            first = await self._told_anew(passage, on_progress)
            texts = [first + (f" {seed}" if seed > commission.seed else "") for seed in seeds]
        if self.rejects:
            raise RevisionRejected(self.rejects)
        alternatives = tuple(Alternative(text=text, seed=commission.seed) for text in texts)
        return Revised(alternatives=alternatives, note=self.note)

    async def _told_anew(self, passage: str, on_progress: OnProgress) -> str:
        end = 0
        for sentence in sentence_spans(passage):
            if self._done >= self.waits_at:
                await self.goes_on.wait()
            await asyncio.sleep(0)
            end = sentence.end
            self._done += 1
            on_progress(Progress(text=passage[:end].upper(), finished=passage[:end].upper(), read=end))
        return passage[:end].upper() + passage[end:]

    def wait_after(self, sentences: int) -> None:
        """Wait when so many more sentences are told."""
        self.goes_on.clear()
        self.waits_at = self._done + sentences


@pytest.fixture
def scripted_revise(monkeypatch: pytest.MonkeyPatch) -> ScriptedRevise:
    scripted = ScriptedRevise()
    monkeypatch.setattr("lsp_writer.features.revision.revise.revise", scripted)
    return scripted
