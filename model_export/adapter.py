"""LoRA: a model's weights with those of an adapter added."""

from __future__ import annotations

import dataclasses
import warnings

from lsp_writer.errors import ExportFailed
from model_export.loaded import LoadedCheckpoint
from model_export.located import Fetched
from model_export.progress import quiet

_LONGEST_REASON = 200


def merge(source: LoadedCheckpoint, adapter: Fetched) -> LoadedCheckpoint:
    """`source`, changed by the adapter that was fetched. Raises ExportFailed if the two do not belong together."""
    with quiet():
        from peft import PeftModel

        try:
            with warnings.catch_warnings():
                # It would only warn of weights that it lacks, and make them up.
                warnings.filterwarnings("error", message="Found missing adapter keys")
                model = PeftModel.from_pretrained(source.model, adapter.folder).merge_and_unload()
        except Exception as error:  # it raises whatever its parts raise
            reason = " ".join(str(error).split())[:_LONGEST_REASON]
            raise ExportFailed(
                f"The adapter in {adapter.folder} does not fit this model ({reason}). Give the model that it was "
                "trained on."
            ) from error
    return dataclasses.replace(source, model=model)
