"""Whether the model knows the language of a passage well enough to write in it.

Measured on fiction in nats a character: 0.7 to 1.0 in English with the default model, which knows only that, 1.4 to
1.9 in German, French and Spanish; 0.9 to 1.2 in these with a multilingual model of 1.8 billion parameters. In Chinese
5.5 to 5.8 and 3.2 to 3.5. A text that it writes in a language it does not know looks like one and says nothing.
"""

from __future__ import annotations

from lsp_writer.errors import RevisionRejected
from lsp_writer.features.revision.work import Work
from lsp_writer.prose.words import UNSPACED_WORD

_MOST, _MOST_UNSPACED = 1.35, 4.5
# Fewer characters tell more of their subject than of the language.
_LEAST, _ENOUGH = 40, 400


async def knows_language(work: Work) -> bool:
    """English is taken for known, and so is what is too short to tell."""
    reading = work.reading
    text = f"{reading.before}\n\n{reading.passage}".strip()[-_ENOUGH:]
    if reading.language == "en" or len(text) < _LEAST:
        return True
    most = _MOST_UNSPACED if len(UNSPACED_WORD.findall(text)) > len(text) / 2 else _MOST
    return -await work.likelihood(text, "") <= most * len(text)


async def require_language(work: Work) -> None:
    """Raises RevisionRejected if the model would write nonsense."""
    if not await knows_language(work):
        raise RevisionRejected(
            f"“{work.entry.title}” was not tried: the model that is installed does not know the language of this "
            "passage well enough. Install one that does (docs/models.md)."
        )
