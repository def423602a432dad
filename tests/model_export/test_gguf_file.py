"""A GGUF file as the source: what it says of its model, and which files are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf import GGUFReader

from lsp_writer.errors import ExportFailed
from model_export import sources
from model_export.gguf_header import read_header
from model_export.loaded import load
from model_export.located import Located
from tests.model_export import hub as hubs
from tests.model_export import tiny_gguf
from tests.model_export.checkpoints import check_refused, fetch, find
from tests.model_export.hub import COMMIT, Hub

#: transformers is imported to read the configuration.
pytestmark = pytest.mark.model

FACTS = {
    "model_type": "llama",
    "num_hidden_layers": tiny_gguf.LAYERS,
    "hidden_size": tiny_gguf.HIDDEN,
    "intermediate_size": tiny_gguf.INNER,
    "num_attention_heads": tiny_gguf.HEADS,
    "num_key_value_heads": tiny_gguf.KV_HEADS,
    "max_position_embeddings": 256,
    "vocab_size": 260,
    "tie_word_embeddings": True,
}
TITLE = "org/tiny:weights/tiny-Q4_0.gguf"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return tiny_gguf.write(tmp_path / "tiny-Q4_0.gguf")


@pytest.fixture
def hub(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with hubs.serve({"org/tiny": {"weights/tiny-Q4_0.gguf": tiny.read_bytes(), "README.md": b""}}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


def says_the_facts(located: Located) -> bool:
    return located.config.items() >= FACTS.items()


@pytest.mark.parametrize("kind", [Kind.F32, Kind.F16, Kind.Q8_0, Kind.Q4_0])
def test_the_header_is_the_one_that_the_gguf_package_reads(kind: Kind, tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "tiny.gguf", kind)
    header, reader = read_header(path), GGUFReader(path)
    assert header.types == {tensor.tensor_type for tensor in reader.tensors}
    assert header.weights == reader.data_offset
    assert header.size == path.stat().st_size
    for name, value in header.metadata.items():
        assert reader.fields[name].contents() == value


def test_a_local_file(tiny: Path, tmp_path: Path) -> None:
    located = find(tiny, tmp_path / "cache")
    assert (located.name, located.download) == ("tiny-Q4_0", 0)
    assert (located.source.kind, located.source.id, located.source.licence) == ("gguf", tiny.name, tiny_gguf.LICENCE)
    assert says_the_facts(located)
    fetched = fetch(located)
    assert (fetched.folder, fetched.gguf) == (tmp_path, tiny.name)
    assert fetched.sha256 == hashlib.sha256(tiny.read_bytes()).hexdigest()


def test_a_link_is_called_by_its_own_name(tiny: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked.gguf"
    link.symlink_to(tiny)
    located = find(link, tmp_path / "cache")
    assert (located.name, fetch(located).gguf) == ("linked", "linked.gguf")


def test_what_was_located_can_be_loaded(tiny: Path, tmp_path: Path) -> None:
    fetched = fetch(find(tiny, tmp_path / "cache"))
    loaded = load(fetched)
    token_ids = np.array(loaded.tokenizer("the", add_special_tokens=False).input_ids)
    assert loaded.tokenizer.decode(token_ids) == "the"
    assert loaded.logits(token_ids).shape == (len(token_ids), FACTS["vocab_size"])


def test_a_file_on_the_hub_shows_its_header_before_it_is_fetched(
    hub: Hub, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_HEADER_BYTES", (1_000, 10_000))
    located = find(TITLE, tmp_path / "cache")
    assert says_the_facts(located)
    assert (located.name, located.source.id, located.source.revision) == ("tiny-Q4_0", TITLE, COMMIT)
    assert located.download == tiny.stat().st_size
    assert located.source.licence == tiny_gguf.LICENCE
    assert list((tmp_path / "cache").iterdir()) == []
    assert hub.volume == 11_000
    fetched = fetch(located)
    assert (fetched.folder / fetched.gguf).read_bytes() == tiny.read_bytes()
    assert fetched.sha256 == hashlib.sha256(tiny.read_bytes()).hexdigest()


def test_a_header_longer_than_what_is_looked_at(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_HEADER_BYTES", (1_000,))
    with pytest.raises(ExportFailed):
        find(TITLE, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_connection_that_breaks_within_the_header(hub: Hub, tmp_path: Path) -> None:
    hub.breaks["weights/tiny-Q4_0.gguf"] = 500
    check_refused(lambda: find(TITLE, tmp_path / "cache"), "Check the network connection")


def test_a_gated_file_without_a_token(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    hub.gated.add("org/tiny")
    check_refused(lambda: find(TITLE, tmp_path / "cache"), "org/tiny is gated")


def test_a_file_that_the_repository_lacks(hub: Hub, tmp_path: Path) -> None:
    check_refused(
        lambda: find("org/tiny:tiny-Q9.gguf", tmp_path), "has no tiny-Q9.gguf. It has weights/tiny-Q4_0.gguf. Check"
    )


def test_a_repository_of_gguf_files_given_without_a_file(hub: Hub, tmp_path: Path) -> None:
    check_refused(lambda: find("org/tiny", tmp_path), f"Choose one of them, for example {TITLE}")


@pytest.mark.parametrize(
    ("kind", "architecture", "parts", "expected"),
    [
        (Kind.Q1_0, "llama", 1, "has weights of a type that transformers cannot read (Q1_0). Choose another file"),
        (Kind.Q4_0, "rwkv6", 1, "GGUF model with architecture rwkv6 is not supported yet"),
        (Kind.Q4_0, "lfm2", 1, "Export the original checkpoint"),
        (Kind.Q4_0, "llama", 3, "is one of several parts of a model"),
    ],
)
def test_what_transformers_cannot_read(
    kind: Kind, architecture: str, parts: int, expected: str, tmp_path: Path
) -> None:
    path = tiny_gguf.write(tmp_path / "other.gguf", kind, architecture=architecture, parts=parts)
    check_refused(lambda: find(path, tmp_path), expected)


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (0, "is incomplete: it is empty. Download it again."),
        (2, "is incomplete: it ends before its header does. Download it again."),
        (4, "is incomplete: it ends before its header does. Download it again."),
        (12, "is incomplete"),
        (1_000, "is incomplete: it ends before its header does"),
        (-1, "bytes. Download it again."),
    ],
)
def test_a_file_that_was_not_downloaded_whole(keep: int, expected: str, tiny: Path) -> None:
    tiny.write_bytes(tiny.read_bytes()[:keep])
    check_refused(lambda: find(tiny, tiny.parent), expected)


def test_a_file_that_git_lfs_has_not_fetched(tiny: Path) -> None:
    tiny.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    check_refused(lambda: find(tiny, tiny.parent), "Run there: git lfs pull")


@pytest.mark.parametrize(
    ("place", "bytes_there", "expected"),
    [
        (0, b"PK\3\4", "it does not begin as a GGUF file does"),
        (4, b"\1\0\0\0", "its version is 1, not 2 or 3"),
        (16, b"\xff" * 8, "is incomplete"),
        (24, b"\xff" * 8, "is incomplete"),
    ],
)
def test_a_damaged_header(place: int, bytes_there: bytes, expected: str, tiny: Path) -> None:
    content = bytearray(tiny.read_bytes())
    content[place : place + len(bytes_there)] = bytes_there
    tiny.write_bytes(content)
    check_refused(lambda: find(tiny, tiny.parent), expected)


def test_a_file_without_a_tokenizer(tiny: Path) -> None:
    tiny.write_bytes(tiny.read_bytes().replace(b"tokenizer.ggml.model", b"tokenizer.gone.model"))
    check_refused(lambda: find(tiny, tiny.parent), "has no tokenizer in it")


def test_weights_of_a_type_that_nobody_knows_yet(tiny: Path) -> None:
    content = tiny.read_bytes()
    name = b"token_embd.weight"
    kind = content.index(name) + len(name) + 4 + 2 * 8
    tiny.write_bytes(content[:kind] + (99).to_bytes(4, "little") + content[kind + 4 :])
    check_refused(lambda: find(tiny, tiny.parent), "cannot read (number 99)")
