"""The export of the default model, as a process of its own: serving needs nothing of what an export needs."""

from __future__ import annotations

import importlib.util
import os
import shlex
import sys

#: What an export imports, and a server does not.
_PACKAGES = ("torch", "transformers", "accelerate", "gguf", "onnx", "onnxruntime_genai", "optimum", "peft", "filelock")


def missing_packages() -> list[str]:
    """What an export needs and this Python does not have. None of it is imported."""
    return [name for name in _PACKAGES if importlib.util.find_spec(name) is None]


def how_to_install() -> str:
    """The command that brings them, for the writer to type."""
    return f"{shlex.quote(sys.executable)} -m pip install 'lsp-writer[export]'"


def default_export() -> list[str]:
    """The command that makes the default model, to be run in `safe_environment`. It is quickly done if the model is
    there, and waits for another that is at it."""
    return [sys.executable, "-m", "model_export", "default"]


def safe_environment() -> dict[str, str]:
    """This process' own, but nothing is imported from the folder it runs in, which may be that of a manuscript."""
    return {**os.environ, "PYTHONSAFEPATH": "1"}
