"""A language model run by ONNX Runtime, through IO binding."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lsp_writer.inference.branches import Branches, Sight, plain_sight
from lsp_writer.inference.manifest import Graph
from lsp_writer.inference.memory import give_back_read
from lsp_writer.inference.model import Cache, Interrupted, Logits, TokenIds
from lsp_writer.inference.onnx_cache import GrowingCache, OnnxCache, SharedCache, new_cache
from lsp_writer.inference.onnx_session import LOG_FATAL_ONLY, ORT_ERRORS, Device, open_session, ort, out_of_memory
from lsp_writer.inference.recording import MOST_RECORDINGS, RecordedStep, can_record, not_recorded

# The embedding is read from its file, 64 KB at a time for each token, until nearly all of it has come to stay: 23 MB.
# Letting go of it takes 2 ms.
_TOKENS_BETWEEN_GIVING_BACK = 128
# How ONNX Runtime names the types that a graph may compute in.
_FLOATS = {"tensor(float)": "float32", "tensor(float16)": "float16"}


class OnnxModel:
    """A LanguageModel on one device. One thread at a time runs passes; any thread may interrupt them."""

    def __init__(
        self,
        folder: Path,
        graph: Graph,
        device: Device = "cpu",
        threads: int = 0,
        memory_limit: int = 0,
        *,
        records: bool = False,
    ) -> None:
        """`threads` is the number of processor threads for one pass; 0 leaves it to ONNX Runtime (one a core).
        `memory_limit` is what the weights and a pass may take of a GPU's memory, in megabytes; 0 for no limit.
        With `records`, a GPU plays back how it read one token, where the graph allows it.

        Raises ModelUnavailable if ONNX Runtime cannot load the graph, DeviceUnavailable if it refuses the device.
        """
        growing = graph.kv.contract == "growing"
        self._records = records and can_record(graph)
        self._recordings = 0
        self._session = open_session(
            folder / graph.file, device, threads, memory_limit, growing=growing, records=self._records
        )
        types = {value.name: value.type for value in (*self._session.get_inputs(), *self._session.get_outputs())}
        self._logits_dtype = _FLOATS[types["logits"]]
        self._bias_dtype = _FLOATS[types["attention_bias"]] if graph.branches else None
        self._folder = folder
        self._tokens_since_giving_back = 0
        self._graph = graph
        self._device = device
        self._lock = threading.Lock()
        self._running: ort.RunOptions | None = None

    @property
    def vocabulary_size(self) -> int:
        return self._graph.vocabulary_size

    @property
    def context_tokens(self) -> int:
        return self._graph.context_tokens

    def new_cache(self, capacity: int, batch: int = 1) -> OnnxCache:
        """Raises ModelUnavailable if there is no memory for it."""
        return new_cache(self._session, self._graph.kv, self._device, capacity, batch)

    def fork(self, cache: Cache, batch: int, extra_tokens: int) -> OnnxCache | Branches:
        assert isinstance(cache, SharedCache | GrowingCache)
        if cache.batch != 1:
            raise ValueError(f"only a cache of one row can be forked, not of {cache.batch}")
        if self._graph.branches and cache.length + batch * extra_tokens <= cache.capacity:
            return Branches(cache, batch)
        return cache.forked(cache.length + extra_tokens, batch)

    def forward(self, token_ids: TokenIds, cache: Cache, logits_to_keep: int = 1) -> Logits:
        assert isinstance(cache, SharedCache | GrowingCache | Branches)
        batch, count = token_ids.shape
        if batch != cache.batch:
            raise ValueError(f"{batch} rows of tokens for a cache of {cache.batch}")
        if cache.length + count > cache.capacity:
            raise ValueError(f"{count} tokens do not fit: {cache.length} of {cache.capacity} are taken")
        if not 1 <= logits_to_keep <= count:
            raise ValueError(f"{logits_to_keep} rows of logits wanted of {count} tokens")
        with self._interruptible() as options:
            if isinstance(cache, Branches):
                logits = self._branched_pass(token_ids, cache, logits_to_keep, options)
            elif self._records and (step := self._recorded(cache, count)) is not None:
                logits = step.run(token_ids, cache.length)
            # GroupQueryAttention takes several rows, or several tokens after a past, but not both at once.
            elif batch == 1 or count == 1 or cache.length == 0 or isinstance(cache, GrowingCache):
                logits = self._pass(token_ids, cache, plain_sight(batch, cache.length, count), logits_to_keep, options)
            else:
                columns = [
                    self._pass(token_ids[:, i : i + 1], cache, plain_sight(batch, cache.length + i, 1), 1, options)
                    for i in range(count)
                ]
                logits = np.concatenate(columns[-logits_to_keep:], axis=1)
        cache.grow(count)
        return logits.astype(np.float32, copy=False)

    def interrupt(self) -> None:
        """The call of `forward` that has begun and not yet returned raises Interrupted. If there is none, nothing
        happens, then or later: a caller that may come between two passes sets a flag of its own first, and whoever
        runs the passes looks at that flag before each."""
        with self._lock:
            if self._running is not None:
                self._running.terminate = True

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[ort.RunOptions]:
        # Options of its own for each call, so that a late interrupt cannot reach the next one.
        options = ort.RunOptions()
        options.log_severity_level = LOG_FATAL_ONLY
        if self._records:
            not_recorded(options)
        with self._lock:
            self._running = options
        try:
            yield options
        except ORT_ERRORS as error:
            if not options.terminate:
                if "alloc" in str(error).lower() or "out of memory" in str(error):
                    raise out_of_memory() from error
                raise
        finally:
            with self._lock:
                self._running = None
        if options.terminate:  # also when it came too late to stop the pass: who interrupted counts on the exception
            raise Interrupted

    def _recorded(self, cache: OnnxCache, count: int) -> RecordedStep | None:
        """How `cache` is read on by `count` tokens as one recorded pass; None if there is no such way."""
        if not isinstance(cache, SharedCache) or not cache.stays or cache.batch != 1 or count != 1:
            return None
        if not cache.read_one:
            cache.read_one = True
        elif cache.step is None and self._recordings < MOST_RECORDINGS:
            self._recordings += 1
            cache.step = RecordedStep(
                self._session,
                self._graph,
                cache.buffers,
                self._device,
                logits_dtype=self._logits_dtype,
                number=self._recordings,
            )
        return cache.step

    def _branched_pass(
        self, token_ids: TokenIds, branches: Branches, logits_to_keep: int, options: ort.RunOptions
    ) -> Logits:
        """One run for all branches, whose tokens become one row."""
        batch, count = token_ids.shape
        trunk = branches.trunk
        assert isinstance(trunk, SharedCache)
        logits = self._pass(token_ids.reshape(1, -1), trunk, branches.sight(count), batch * count, options)
        return logits.reshape(batch, count, -1)[:, -logits_to_keep:]

    def _pass(
        self, token_ids: TokenIds, cache: OnnxCache, sight: Sight, logits_to_keep: int, options: ort.RunOptions
    ) -> Logits:
        """One run of the graph."""
        batch, count = token_ids.shape
        binding = cache.binding
        binding.bind_cpu_input("input_ids", np.ascontiguousarray(token_ids))
        binding.bind_cpu_input("attention_mask", np.ones((batch, sight.past + count), np.int64))
        if self._graph.branches or self._graph.positions:
            binding.bind_cpu_input("position_ids", sight.positions)
        if self._bias_dtype is not None:
            binding.bind_cpu_input("attention_bias", sight.bias.astype(self._bias_dtype, copy=False))
        binding.bind_cpu_input(self._graph.logits_to_keep, np.array([logits_to_keep], np.int64))
        logits = np.empty((batch, logits_to_keep, self.vocabulary_size), self._logits_dtype)
        binding.bind_ortvalue_output("logits", ort.OrtValue.ortvalue_from_numpy(logits))
        cache.run(options)
        self._tokens_since_giving_back += batch * count
        if self._tokens_since_giving_back >= _TOKENS_BETWEEN_GIVING_BACK:
            self._tokens_since_giving_back = 0
            give_back_read(self._folder)
        return logits
