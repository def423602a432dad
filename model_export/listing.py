"""The installed models as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from lsp_writer.inference.installed import Installed

_COLUMNS = (
    "name",
    "source",
    "precision",
    "target",
    "size",
    "perplexity / source's",
    "agreement",
    "sees faults",
    "tokens/s",
)


def table(models: Sequence[Installed]) -> Table:
    """A row for each model that is not damaged."""
    made = Table(box=None, pad_edge=False)
    for column in _COLUMNS:
        # A narrow terminal folds the rest first: the name is there to be typed again.
        made.add_column(column, overflow="fold", no_wrap=column == "name")
    for model in models:
        if model.manifest is not None:
            made.add_row(*_row(model))
    return made


def _row(model: Installed) -> tuple[str, ...]:
    manifest = model.manifest
    assert manifest is not None
    measured, kept = manifest.verification, model.kept
    return (
        model.folder.name,
        manifest.source.id,
        manifest.precision,
        manifest.target,
        f"{model.size / 1e6:,.0f} MB",
        f"{measured.decode_perplexity:.2f} / {measured.reference_perplexity:.2f}",
        f"{measured.decode_agreement:.1%}",
        ", ".join(f"{each.right:.0%} ({each.language})" for each in manifest.judgements) or "not measured",
        f"{kept.decode_tokens_per_second:.0f}" if kept and kept.decode_tokens_per_second else "not measured",
    )
