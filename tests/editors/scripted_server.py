"""lsp-writer with a model that always says the same, slowly, for tests of what an editor does with its answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from lsp_writer.generation import Event, JobKey, Kind, Request
from lsp_writer.serve import serve
from tests.scripted_text_model import ScriptedTextModel

#: The naked bulb is for the rewrite as noir, the tired nurse for an instruction of the writer's own.
REPLIES = {
    "was tied to the": " harbour wall by a rope. Nobody was aboard.",
    "noir": "Mara opened the letter under the naked bulb of the kitchen, and the rain read it twice with her.",
    "tired nurse": "Mara got the letter open at last, her feet aching, and read it over twice by the kitchen table.",
}
WORDS = {"was tied to the": ("harbour", "iron", "old")}
#: While this file is there, nothing more is said of a rewrite.
HOLD = Path.home() / "hold"


class _Model(ScriptedTextModel):
    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        while key.kind is Kind.REVISION and HOLD.exists():  # noqa: ASYNC110  another process takes it away
            await asyncio.sleep(0.05)
        async for event in super().stream(key, request):
            yield event


if __name__ == "__main__":
    sys.exit(serve(lambda _: _Model(REPLIES, WORDS, seconds_a_word=0.15), {}))
