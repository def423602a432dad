"""Larger models that are known to fit the graph builder, with what their makers publish of them.

Every architecture here is one that ONNX Runtime GenAI's builder makes fused graphs of. The figures are those of each
model's config.json; the numbers of parameters are counted from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from model_export.estimate import Estimate, estimate

Target = Literal["cpu", "cuda"]

#: int8 in blocks of 64 with a scale of 4 bytes each; fp16.
_BYTES_A_WEIGHT: dict[Target, float] = {"cpu": 1 + 4 / 64, "cuda": 2}
_BYTES_IN_CACHE: dict[Target, int] = {"cpu": 4, "cuda": 2}
#: Tokens in the server's caches once each is full: two for typing, one for critiques, one for rewrites.
CACHED_TOKENS: dict[Target, int] = {"cpu": 2 * 672 + 512 + 2048, "cuda": 2 * 3 * 672 + 512 + 2048}
#: The server itself.
_PROGRAM = 150_000_000
_BYTES_A_STORED_WEIGHT = 2


@dataclass(frozen=True)
class LargerModel:
    #: On the Hugging Face Hub, and what it is called when it is installed.
    id: str
    name: str
    parameters: int
    licence: str
    #: Its makers want their conditions accepted before anybody downloads it.
    gated: bool
    languages: Literal["English", "multilingual", "multilingual, Chinese"]
    context_tokens: int
    layers: int
    kv_heads: int
    head_size: int

    def memory(self, target: Target) -> int:
        """Bytes that serving it takes at most: its weights, full caches, and the server."""
        cached = 2 * self.layers * self.kv_heads * self.head_size * _BYTES_IN_CACHE[target]
        return self.weights(target) + cached * CACHED_TOKENS[target] + _PROGRAM

    def weights(self, target: Target) -> int:
        return int(self.parameters * _BYTES_A_WEIGHT[target])

    @property
    def download(self) -> int:
        return self.parameters * _BYTES_A_STORED_WEIGHT

    @property
    def export(self) -> Estimate:
        return estimate(self.parameters, self.download)


#: From the smallest to the largest.
LARGER_MODELS = (
    LargerModel(
        id="HuggingFaceTB/SmolLM2-360M-Instruct",
        name="smollm2-360m",
        parameters=361_821_120,
        licence="Apache-2.0",
        gated=False,
        languages="English",
        context_tokens=8_192,
        layers=32,
        kv_heads=5,
        head_size=64,
    ),
    LargerModel(
        id="Qwen/Qwen2.5-0.5B-Instruct",
        name="qwen2.5-0.5b",
        parameters=494_032_768,
        licence="Apache-2.0",
        gated=False,
        languages="multilingual, Chinese",
        context_tokens=32_768,
        layers=24,
        kv_heads=2,
        head_size=64,
    ),
    LargerModel(
        id="meta-llama/Llama-3.2-1B-Instruct",
        name="llama-3.2-1b",
        parameters=1_235_814_400,
        licence="Llama 3.2 Community",
        gated=True,
        languages="multilingual",
        context_tokens=131_072,
        layers=16,
        kv_heads=8,
        head_size=64,
    ),
    LargerModel(
        id="Qwen/Qwen2.5-1.5B-Instruct",
        name="qwen2.5-1.5b",
        parameters=1_543_714_304,
        licence="Apache-2.0",
        gated=False,
        languages="multilingual, Chinese",
        context_tokens=32_768,
        layers=28,
        kv_heads=2,
        head_size=128,
    ),
    LargerModel(
        id="HuggingFaceTB/SmolLM2-1.7B-Instruct",
        name="smollm2-1.7b",
        parameters=1_711_376_384,
        licence="Apache-2.0",
        gated=False,
        languages="English",
        context_tokens=8_192,
        layers=24,
        kv_heads=32,
        head_size=64,
    ),
    LargerModel(
        id="meta-llama/Llama-3.2-3B-Instruct",
        name="llama-3.2-3b",
        parameters=3_212_749_824,
        licence="Llama 3.2 Community",
        gated=True,
        languages="multilingual",
        context_tokens=131_072,
        layers=28,
        kv_heads=8,
        head_size=128,
    ),
    LargerModel(
        id="Qwen/Qwen3-4B-Instruct-2507",
        name="qwen3-4b",
        parameters=4_022_468_096,
        licence="Apache-2.0",
        gated=False,
        languages="multilingual, Chinese",
        context_tokens=262_144,
        layers=36,
        kv_heads=8,
        head_size=128,
    ),
    LargerModel(
        id="Qwen/Qwen2.5-7B-Instruct",
        name="qwen2.5-7b",
        parameters=7_615_616_512,
        licence="Apache-2.0",
        gated=False,
        languages="multilingual, Chinese",
        context_tokens=32_768,
        layers=28,
        kv_heads=4,
        head_size=128,
    ),
)
