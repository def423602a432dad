"""ONNX Runtime set up for a writer's machine: quiet, without a record kept or sent, on one device.

The only importer of onnxruntime, which others take from here, and imported only once there is a model to load.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import Literal

from lsp_writer.errors import DeviceUnavailable, ModelUnavailable, OutOfMemory
from lsp_writer.inference.manifest import export_again

# ONNX Runtime reads this once, while it is being imported. Otherwise it writes a device id into the user's cache folder
# and queues events for its makers, which `disable_telemetry_events` comes too late to prevent.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

__all__ = ["LOG_FATAL_ONLY", "ORT_ERRORS", "Device", "available_devices", "open_session", "ort", "out_of_memory"]

Device = Literal["cpu", "cuda"]
_PROVIDERS: dict[Device, str] = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}

#: What ONNX Runtime raises: its exceptions have no ancestor of their own.
ORT_ERRORS = (
    ort_errors.DeviceReset,
    ort_errors.EPFail,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
    RuntimeError,
)
# How it says that there was no memory: the processor's allocator, an arena with or without a limit, and CUDA.
_NO_MEMORY = ("bad_alloc", "failed to allocate", "bfcarena", "alloc_failed", "memoryallocation", "out of memory")
#: Errors come as exceptions; the same again on stderr would fill the editor's output window.
LOG_FATAL_ONLY = 4


def available_devices() -> tuple[Device, ...]:
    """What this ONNX Runtime was built for. Whether a GPU is really there shows when a model is opened on it."""
    providers = ort.get_available_providers()
    return tuple(device for device, provider in _PROVIDERS.items() if provider in providers)


def open_session(
    graph: Path, device: Device, threads: int, memory_limit: int, *, growing: bool = False, records: bool = False
) -> ort.InferenceSession:
    """The session of `graph`, whose caches are `growing` or not, and which records passes on a GPU or does not.
    `threads` and `memory_limit` are as for `OnnxModel`.

    Raises OutOfMemory, ModelUnavailable if ONNX Runtime cannot load the graph, DeviceUnavailable if it refuses the
    device.
    """
    if device not in available_devices():
        raise DeviceUnavailable(
            "This ONNX Runtime cannot use a GPU. Run pip install 'lsp-writer[cuda]', or set the device to cpu."
        )
    ort.disable_telemetry_events()  # for Windows, where the environment variable has no say
    ort.set_default_logger_severity(LOG_FATAL_ONLY)
    if device == "cuda":
        with contextlib.redirect_stdout(io.StringIO()):  # it prints, and stdout may be the editor's
            ort.preload_dlls()
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = LOG_FATAL_ONLY
    # Threads that wait for the next pass by spinning would burn two cores while the writer thinks.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    if growing:
        # A plan of memory would be kept for every length that a cache has ever had, and pools of blocks for each.
        options.enable_mem_pattern = False
        options.enable_cpu_mem_arena = False
    providers = [(_PROVIDERS[device], _provider_options(device, memory_limit, records=records))]
    try:
        # Its own way of falling back prints on stdout.
        session = ort.InferenceSession(graph, options, providers=providers, enable_fallback=0)
    except MemoryError as error:
        raise out_of_memory() from error
    except ORT_ERRORS as error:
        if any(words in str(error).lower() for words in _NO_MEMORY):
            raise out_of_memory() from error
        if device == "cuda":
            raise DeviceUnavailable(f"The GPU cannot load the model ({error}). Set the device to cpu.") from error
        raise ModelUnavailable(f"ONNX Runtime cannot load {graph} ({error}). {export_again(graph.parent)}") from error
    if _PROVIDERS[device] not in session.get_providers():
        raise DeviceUnavailable(
            "ONNX Runtime found no GPU that it can use. Run pip install 'lsp-writer[cuda]' for its libraries, "
            "or set the device to cpu."
        )
    return session


def out_of_memory() -> OutOfMemory:
    return OutOfMemory("There is not enough memory for the model. Close other programs, or choose a smaller model.")


def _provider_options(device: Device, memory_limit: int, *, records: bool) -> dict[str, str]:
    options: dict[str, str] = {}
    if device == "cuda" and memory_limit:
        # By itself the CUDA provider doubles what it takes each time it needs more.
        options |= {"gpu_mem_limit": str(memory_limit * 1024 * 1024), "arena_extend_strategy": "kSameAsRequested"}
    if device == "cuda" and records:
        options["enable_cuda_graph"] = "1"
    return options
