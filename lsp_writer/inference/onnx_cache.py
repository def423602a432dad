"""Keys and values as ONNX Runtime holds them, under the two contracts that a graph may have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lsp_writer.inference.manifest import KVLayout
from lsp_writer.inference.onnx_session import ORT_ERRORS, Device, ort, out_of_memory
from lsp_writer.inference.recording import RecordedStep


class SharedCache:
    """Keys and values of a batch of rows, in buffers that the graph writes in place.

    The binding ties every buffer to its input and output once, so that a pass binds only its tokens.
    """

    def __init__(
        self, session: ort.InferenceSession, layout: KVLayout, device: Device, capacity: int, batch: int
    ) -> None:
        """Raises ModelUnavailable if there is no memory for it."""
        self.length = 0
        self.capacity = capacity
        self.batch = batch
        self.binding = session.io_binding()
        self.buffers = _allocated(layout, device, capacity, batch)
        #: Whether its buffers keep their place to the end: forks are let go too soon to be worth a recording.
        self.stays = True
        #: Whether one token has been read by itself. Who reads two is writing.
        self.read_one = False
        self.step: RecordedStep | None = None
        self._session = session
        self._layout = layout
        self._device = device
        self._bind()

    def select(self, rows: Sequence[int]) -> None:
        if list(rows) == list(range(self.batch)):
            return
        self.buffers = {name: self._selected(buffer, rows) for name, buffer in self.buffers.items()}
        self.batch = len(rows)
        self.stays, self.step = False, None  # a recording writes into the buffers that were
        self._bind()

    def forked(self, capacity: int, batch: int) -> SharedCache:
        """`batch` copies of the one row, each with room for `capacity` tokens."""
        fork = SharedCache(self._session, self._layout, self._device, capacity, batch)
        for name, source in self.buffers.items():
            buffer = fork.buffers[name]
            # `numpy` is the buffer itself on the CPU. On a GPU it would fetch what nobody has written yet.
            rows = buffer.numpy() if self._device == "cpu" else np.zeros(buffer.shape(), self._layout.dtype)
            rows[:, :, : self.length] = source.numpy()[:, :, : self.length]
            if self._device != "cpu":
                buffer.update_inplace(rows)
        fork.length = self.length
        fork.stays = False
        return fork

    def grow(self, count: int) -> None:
        """Note that a pass has added `count` tokens to each row."""
        self.length += count

    def run(self, options: ort.RunOptions) -> None:
        """Run the graph on what is bound."""
        self._session.run_with_iobinding(self.binding, options)

    def _selected(self, buffer: ort.OrtValue, rows: Sequence[int]) -> ort.OrtValue:
        """One as large for each of these rows, with zeros where nothing was read yet."""
        held = buffer.numpy()
        try:
            selected = np.zeros((len(rows), *held.shape[1:]), held.dtype)
            for to, row in zip(selected, rows, strict=True):
                to[:, : self.length] = held[row, :, : self.length]
            return ort.OrtValue.ortvalue_from_numpy(selected, buffer.device_name())
        except (*ORT_ERRORS, MemoryError) as error:
            raise out_of_memory() from error

    def _bind(self) -> None:
        for name, buffer in self.buffers.items():
            self.binding.bind_ortvalue_input(f"past_key_values.{name}", buffer)
            self.binding.bind_ortvalue_output(f"present.{name}", buffer)


class GrowingCache:
    """Keys and values of a batch of rows, which every pass gives back longer by what it read.

    Nothing is ever written into `values`, so several caches may hold the same ones. They may be longer than `length`
    says, after a rewind or an interrupted pass: the next pass cuts them.
    """

    def __init__(
        self, session: ort.InferenceSession, values: dict[str, ort.OrtValue], length: int, capacity: int, batch: int
    ) -> None:
        self.length = length
        self.capacity = capacity
        self.batch = batch
        self.binding = session.io_binding()
        self.values = values
        self._session = session
        self._bind()

    @classmethod
    def empty(cls, session: ort.InferenceSession, layout: KVLayout, capacity: int, batch: int) -> GrowingCache:
        nothing = np.empty((batch, layout.heads, 0, layout.head_size), np.dtype(layout.dtype))
        values = {name: ort.OrtValue.ortvalue_from_numpy(nothing) for name in _names(layout)}
        return cls(session, values, 0, capacity, batch)

    def select(self, rows: Sequence[int]) -> None:
        self.values = self._taken(rows)
        self.batch = len(rows)
        self._bind()

    def forked(self, capacity: int, batch: int) -> GrowingCache:
        """`batch` copies of the one row, each with room for `capacity` tokens."""
        values = self._taken([0] * batch) if batch > 1 else self.values
        return GrowingCache(self._session, values, self.length, capacity, batch)

    def grow(self, count: int) -> None:
        """Note that a pass has added `count` tokens to each row."""
        self.length += count

    def run(self, options: ort.RunOptions) -> None:
        """Run the graph on what is bound."""
        if next(iter(self.values.values())).shape()[2] > self.length:
            self.values = self._taken(range(self.batch))
            self._bind()
        try:
            self._session.run_with_iobinding(self.binding, options)
            # The outputs come in the order in which they were first bound: those beyond the values are the pass's own.
            self.values = dict(zip(self.values, self.binding.get_outputs(), strict=False))
        finally:
            self._bind()

    def _taken(self, rows: Sequence[int]) -> dict[str, ort.OrtValue]:
        """Copies of these rows' values, without those of tokens that were rewound."""
        try:
            return {
                name: ort.OrtValue.ortvalue_from_numpy(np.take(value.numpy()[:, :, : self.length], rows, axis=0))
                for name, value in self.values.items()
            }
        except MemoryError as error:
            raise out_of_memory() from error

    def _bind(self) -> None:
        for name, value in self.values.items():
            self.binding.bind_ortvalue_input(f"past_key_values.{name}", value)
            # Bound anew for every pass, or the graph would be given the last one's, which are too short.
            self.binding.bind_output(f"present.{name}")


OnnxCache = SharedCache | GrowingCache


def new_cache(session: ort.InferenceSession, layout: KVLayout, device: Device, capacity: int, batch: int) -> OnnxCache:
    """Raises ModelUnavailable if there is no memory for it."""
    if layout.contract == "shared":
        return SharedCache(session, layout, device, capacity, batch)
    return GrowingCache.empty(session, layout, capacity, batch)


def _names(layout: KVLayout) -> list[str]:
    return [f"{layer}.{part}" for layer in range(layout.layers) for part in ("key", "value")]


def _allocated(layout: KVLayout, device: Device, capacity: int, batch: int) -> dict[str, ort.OrtValue]:
    names = _names(layout)
    shape = (batch, layout.heads, capacity, layout.head_size)
    dtype = np.dtype(layout.dtype)
    try:
        if device == "cpu":
            # One block: the system backs it with large pages, and its first use costs half as much.
            block = np.empty((len(names), *shape), dtype)
            buffers = [ort.OrtValue.ortvalue_from_numpy(part) for part in block]
        else:
            buffers = [ort.OrtValue.ortvalue_from_shape_and_type(shape, dtype, device) for _ in names]
    except (*ORT_ERRORS, MemoryError) as error:
        raise out_of_memory() from error
    return dict(zip(names, buffers, strict=True))
