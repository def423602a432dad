"""British or American spelling, by a table of words. No model is asked."""

from __future__ import annotations

import asyncio

from lsp_writer.features.revision.work import Work
from lsp_writer.prose.spelling import respelled as in_variety


async def respelled(work: Work, unit: str, _following: str) -> tuple[list[str], str]:
    """`unit` in the entry's variety of English, and, if nothing is spelled otherwise, a word about it."""
    variety = work.entry.becomes.spelling
    text = unit
    if variety and work.reading.language in ("en", ""):
        # No model is asked, so the writer's next key would have to wait for a book.
        text = await asyncio.to_thread(in_variety, unit, variety, work.reading.names)
    return ([text], "") if text != unit else ([], "nothing there is spelled otherwise")
