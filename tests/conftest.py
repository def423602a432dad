"""What many tests need: the real default model, and a tiny one."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

from lsp_writer.errors import WriterError
from lsp_writer.inference.manifest import Graph, default_model_folder
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.opening import OpenedModel, open_model
from tests import tiny_model

# Hypothesis fails an example that takes 0.2 s, which on a busy machine says nothing about the code.
settings.register_profile("untimed", deadline=None)
# For every commit: `make test` tries all examples.
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """What all tests have imported stays to the end: looking through it made every collection of garbage slow."""
    gc.freeze()


@pytest.fixture(scope="session")
def default_model() -> OpenedModel:
    """The exported default model. Not having it is a failure, so that no run passes by leaving its tests out."""
    try:
        return open_model(default_model_folder(), "cpu")
    except WriterError as error:
        pytest.fail(f"{error} (`make test` does this first.)", pytrace=False)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    return _tiny(tmp_path_factory, tiny_model.GRAPH)


@pytest.fixture(scope="session")
def tiny_copying(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    """The same weights in a graph that knows no branches."""
    return _tiny(tmp_path_factory, tiny_model.COPYING_GRAPH)


@pytest.fixture(scope="session")
def tiny_recording(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    """The same, reading one token as a graphics card plays back a recording: from fixed places, in fixed shapes."""
    return _tiny(tmp_path_factory, tiny_model.COPYING_GRAPH, records=True)


@pytest.fixture(scope="session")
def tiny_growing(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    """The same weights in a graph that returns a new cache at every pass."""
    return _tiny(tmp_path_factory, tiny_model.GROWING_GRAPH)


@pytest.fixture(scope="session")
def tiny_half(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    """The same weights in 16-bit floats."""
    return _tiny(tmp_path_factory, tiny_model.HALF_GRAPH)


def _tiny(folders: pytest.TempPathFactory, graph: Graph, *, records: bool = False) -> OnnxModel:
    folder = folders.mktemp("tiny")
    tiny_model.write_graph(folder, graph)
    return OnnxModel(folder, graph, records=records)
