"""The real engine, scheduler and adapter on a scripted model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lsp_writer.generation import Capabilities
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.local import Loaded, LocalModel
from tests.scripted_model import ByteTokenizer, ScriptedModel


def local_model(model: ScriptedModel, tokenizer: ByteTokenizer | None = None) -> LocalModel:
    """Not started."""
    capabilities = Capabilities(name="scripted", device="cpu", chat=True, context_tokens=8192)
    return LocalModel(lambda: Loaded(Engine(model, tokenizer or ByteTokenizer()), capabilities))


@asynccontextmanager
async def serving(model: ScriptedModel, tokenizer: ByteTokenizer | None = None) -> AsyncIterator[LocalModel]:
    local = local_model(model, tokenizer)
    local.start()
    await local.ready()
    try:
        yield local
    finally:
        await asyncio.to_thread(local.close)
