"""British or American spelling, by a table of words. No model is asked."""

from __future__ import annotations

from lsp_writer.features.revision.work import Work
from lsp_writer.prose.names import names_in
from lsp_writer.prose.spelling import respelled as in_variety


async def respelled(work: Work, unit: str, _following: str) -> tuple[list[str], str]:
    """`unit` in the entry's variety of English, and, if nothing is spelled otherwise, a word about it."""
    variety = work.entry.becomes.spelling
    text = (
        in_variety(unit, variety, names_in(work.reading.known, "en"))
        if variety and work.reading.language in ("en", "")
        else unit
    )
    return ([text], "") if text != unit else ([], "nothing there is spelled otherwise")
