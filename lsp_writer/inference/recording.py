"""Decoding on a graphics card as a recorded graph (CUDA graph): one launch for a pass in place of one for each of its
hundreds of kernels, which would take longer than what they compute.

ONNX Runtime records the first pass under a number and plays it back whenever a pass has that number again, whatever it
is given. So everything such a pass reads and writes stays at one place, with one shape.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lsp_writer.inference.manifest import Graph
from lsp_writer.inference.model import Logits, TokenIds
from lsp_writer.inference.onnx_session import LOG_FATAL_ONLY, Device, ort

# ONNX Runtime's name for the number of a recording.
_NUMBER = "gpu_graph_id"
#: No recording is given back before the model is. Each cache that decodes has one: two for typing, one for rewrites,
#: and those that are made in their place.
MOST_RECORDINGS = 32


def can_record(graph: Graph) -> bool:
    """Whether all that changes from one token to the next are numbers."""
    return graph.kv.contract == "shared" and not graph.positions and not graph.branches


def not_recorded(options: ort.RunOptions) -> None:
    """Let a pass be run as it is, in a session that records."""
    options.add_run_config_entry(_NUMBER, "-1")


class RecordedStep:
    """The pass that adds one token to a cache of one row."""

    def __init__(
        self,
        session: ort.InferenceSession,
        graph: Graph,
        buffers: Mapping[str, ort.OrtValue],
        device: Device,
        *,
        logits_dtype: str,
        number: int,
    ) -> None:
        """`buffers` are the cache's; `number` is unlike that of any other recording."""
        self._session = session
        capacity = next(iter(buffers.values())).shape()[2]
        self._token = ort.OrtValue.ortvalue_from_shape_and_type((1, 1), np.int64, device)
        self._mask = ort.OrtValue.ortvalue_from_shape_and_type((1, capacity), np.int64, device)
        self._logits = ort.OrtValue.ortvalue_from_shape_and_type(
            (1, 1, graph.vocabulary_size), np.dtype(logits_dtype), device
        )
        self._binding = session.io_binding()
        self._binding.bind_ortvalue_input("input_ids", self._token)
        self._binding.bind_ortvalue_input("attention_mask", self._mask)
        self._binding.bind_cpu_input(graph.logits_to_keep, np.array([1], np.int64))
        for name, buffer in buffers.items():
            self._binding.bind_ortvalue_input(f"past_key_values.{name}", buffer)
            self._binding.bind_ortvalue_output(f"present.{name}", buffer)
        self._binding.bind_ortvalue_output("logits", self._logits)
        # Of its own: a recording that is interrupted would be played back as far as it went.
        self._options = ort.RunOptions()
        self._options.log_severity_level = LOG_FATAL_ONLY
        self._options.add_run_config_entry(_NUMBER, str(number))

    def run(self, token_ids: TokenIds, past: int) -> Logits:
        """The logits [1, 1, vocabulary] after `token_ids` [1, 1], which follow `past` others."""
        # As long as the cache, so that its shape stays; the graph counts the ones.
        mask = np.zeros(self._mask.shape(), np.int64)
        mask[:, : past + 1] = 1
        self._mask.update_inplace(mask)
        self._token.update_inplace(np.ascontiguousarray(token_ids))
        self._session.run_with_iobinding(self._binding, self._options)
        logits: Logits = self._logits.numpy().astype(np.float32)
        return logits
