"""The head of a GGUF file: its metadata and the list of its tensors (docs: ggml, docs/gguf.md).

The gguf package reads the same and takes seconds for a large vocabulary; this steps over what nobody here asks for.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Value = str | int | float | bool

_MAGIC = b"GGUF"
_STRING, _ARRAY = 8, 9
_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"
}  # fmt: skip
_ALIGNMENT = 32


@dataclass(frozen=True)
class Header:
    #: Arrays, such as the vocabulary, left out.
    metadata: Mapping[str, Value]
    #: The numbers of ggml's types that its tensors have.
    types: frozenset[int]
    #: Bytes that the whole file has, and at how many of them the weights begin; 0 if a type's size is not known.
    size: int
    weights: int


def read_header(path: Path) -> Header:
    """Raises ValueError if it is not a GGUF file or its header is damaged, EOFError if the file ends before its header
    does, and OSError if it cannot be read."""
    with path.open("rb") as file:
        begin = file.read(len(_MAGIC))
        if not _MAGIC.startswith(begin):
            raise ValueError("it does not begin as a GGUF file does")
        if begin != _MAGIC:
            raise EOFError("it ends before its header does" if begin else "it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                return _read(data)
            except (struct.error, IndexError) as error:
                raise EOFError("it ends before its header does") from error


def _read(data: mmap.mmap) -> Header:
    version, tensors, pairs = struct.unpack_from("<IQQ", data, 4)
    if version not in {2, 3}:
        raise ValueError(f"its version is {version}, not 2 or 3")
    offset = 24
    metadata: dict[str, Value] = {}
    for _ in range(pairs):
        key, offset = _string(data, offset)
        (kind,) = struct.unpack_from("<I", data, offset)
        value, offset = _value(data, offset + 4, kind)
        if value is not None:
            metadata[key] = value
    types, ends = set(), [0]
    for _ in range(tensors):
        _, offset = _string(data, offset)
        (dimensions,) = struct.unpack_from("<I", data, offset)
        *shape, kind, begin = struct.unpack_from(f"<{dimensions}QIQ", data, offset + 4)
        offset += 16 + 8 * dimensions
        types.add(kind)
        ends.append(begin + _bytes_of(kind, math.prod(shape)))
    alignment = int(metadata.get("general.alignment", _ALIGNMENT)) or _ALIGNMENT
    weights = -(-offset // alignment) * alignment
    return Header(metadata, frozenset(types), weights + max(ends), weights)


def _value(data: mmap.mmap, offset: int, kind: int) -> tuple[Value | None, int]:
    """The value at `offset`, None for an array, and where it ends."""
    if kind == _STRING:
        return _string(data, offset)
    if kind != _ARRAY:
        form = _form(kind)
        return struct.unpack_from(form, data, offset)[0], offset + struct.calcsize(form)
    kind, count = struct.unpack_from("<IQ", data, offset)
    offset += 12
    if kind != _STRING:
        return None, offset + count * struct.calcsize(_form(kind))
    for _ in range(count):
        offset += 8 + struct.unpack_from("<Q", data, offset)[0]
    return None, offset


def _form(kind: int) -> str:
    if kind not in _SCALARS:
        raise ValueError(f"it has metadata of the unknown type {kind}")
    return _SCALARS[kind]


def _string(data: mmap.mmap, offset: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", data, offset)
    end = offset + 8 + length
    if end > len(data):
        raise IndexError(end)
    return data[offset + 8 : end].decode("utf-8", "replace"), end


def _bytes_of(kind: int, elements: int) -> int:
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    if kind not in set(GGMLQuantizationType):
        return 0
    block, size = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
    return elements // block * size
