"""A rewrite carried out by a scripted model on marked text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from lsp_writer.features.revision.commission import Commission, Progress, Revised
from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.revise import revise
from lsp_writer.features.revision.target import target_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from tests.scripted_text_model import ScriptedTextModel

#: A rewrite by the model alone, held to nothing but what every rewrite is held to.
PLAIN = Entry(id="plain", title="Plain", instructions={"en": "Tell it anew."})


def variant(base: Entry = PLAIN, **changes: Any) -> Entry:
    return msgspec.structs.replace(base, **changes)


async def carried_out(
    marked: str,
    entry: Entry | str,
    replies: Mapping[str, str] | None = None,
    *,
    markdown: bool = True,
    model: ScriptedTextModel | None = None,
    shown: list[Progress] | None = None,
    **commission: Any,
) -> tuple[Revised, str]:
    """The result of `entry` for what stands between two `|`, or at one, and the whole text with its first alternative
    put in."""
    before, passage, after = marked.split("|") if marked.count("|") == 2 else marked.replace("|", "||").split("|")
    text = before + passage + after
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text), markdown)
    entry = shipped().find(entry) if isinstance(entry, str) else entry
    model = model or ScriptedTextModel(replies)
    model.start()
    target = target_of(manuscript, Span(len(before), len(before + passage)), entry)
    assert target is not None
    progress = [] if shown is None else shown
    revised = await revise(model, manuscript, target, Commission(entry=entry, **commission), progress.append)
    first = revised.alternatives[0].text
    return revised, text[: target.place.start] + first + text[target.place.end :]
