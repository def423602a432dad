"""A small catalogue of which the tests know every entry, whatever is shipped."""

from __future__ import annotations

import pytest

from lsp_writer.features.revision.entry import Entry, Language
from lsp_writer.features.revision.library import Library

_TELL: dict[Language, str] = {"en": "Rewrite this passage."}
_ANSWER: dict[Language, str] = {"en": "{answer}"}

ENTRIES = (
    Entry(id="gothic", title="Rewrite as gothic", group="style", instructions=_TELL),
    Entry(id="tighten", title="Tighten", group="craft", takes="selection", instructions=_TELL),
    Entry(id="ask", title="Ask for a rewrite", group="craft", asks="What?", instructions=_ANSWER),
    Entry(id="translate", title="Translate", group="craft", asks="Which language?", instructions=_ANSWER),
    Entry(
        id="dialect", title="Dialect", group="craft", asks="Whose?", answer="theirs", instructions={"en": "{answer}"}
    ),
    Entry(id="past", title="Past tense", group="grammar", takes="sentence", instructions=_TELL),
    Entry(id="beat", title="Next beat", group="invention", takes="scene", does="insert", instructions=_TELL),
)


@pytest.fixture
def small_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library({entry.id: entry for entry in ENTRIES})
    monkeypatch.setattr("lsp_writer.features.revision.library.shipped", lambda: library)
    # Nor does it matter how often the shipped ones of these names pass.
    monkeypatch.setattr("lsp_writer.features.revision.pass_rates.needs_larger", lambda *_: False)
