from __future__ import annotations

from pathlib import Path

from lsp_writer.features.revision.document import DOCUMENT, updated
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.pass_rates import measured

ROOT = Path(__file__).parents[3]


def test_the_table_is_up_to_date() -> None:
    """If this fails, run `make generated`."""
    document = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    assert updated(document) == document


def test_only_what_is_shipped_was_measured() -> None:
    for model in measured():
        assert set(model.rates) <= set(shipped().entries)
