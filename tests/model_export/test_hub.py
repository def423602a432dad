"""Finding and fetching a checkpoint on the Hub; one message for each that cannot be."""

from __future__ import annotations

import errno
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub.utils._http import reset_sessions

from tests.model_export import hub as hubs
from tests.model_export.checkpoints import (
    BESIDES,
    CHECKPOINT,
    CONFIG,
    FIRST,
    SECOND,
    SHARDED,
    WEIGHTS,
    check_refused,
    fetch,
    find,
    write,
)
from tests.model_export.hub import COMMIT, TOKEN, Hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)  # the command line sets it
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with hubs.serve({"org/small": CHECKPOINT | BESIDES, "org/sharded": SHARDED, "small": CHECKPOINT}) as hub:
        hub.cards["org/small"] = {"license": "apache-2.0"}
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


def test_the_weights_stay_where_they_are_until_they_are_fetched(hub: Hub, cache: Path) -> None:
    located = find("org/small", cache)
    assert {name for name, _ in hub.sent} <= {"config.json", "tokenizer_config.json"}
    assert located.name == "small"
    assert located.config == CONFIG
    assert located.download == sum(map(len, CHECKPOINT.values())) - sum(
        len(CHECKPOINT[name]) for name in {name for name, _ in hub.sent}
    )
    assert (located.source.kind, located.source.id, located.source.revision) == ("checkpoint", "org/small", COMMIT)
    assert (located.source.licence, located.source.sha256) == ("apache-2.0", "")
    assert located.notes == (f"Its licence is apache-2.0: see {hub.address}/org/small",)


def test_the_checkpoint_comes_whole_and_nothing_else_with_it(hub: Hub, cache: Path) -> None:
    fetched = fetch(find("org/small", cache))
    assert {path.name: path.read_bytes() for path in fetched.folder.iterdir() if path.is_file()} == CHECKPOINT
    assert fetched.gguf == ""
    assert fetched.sha256 == hashlib.sha256(WEIGHTS).hexdigest()


def test_several_shards_have_one_digest_as_sha256sum_prints_them(hub: Hub, cache: Path, tmp_path: Path) -> None:
    lines = "".join(f"{hashlib.sha256(SHARDED[name]).hexdigest()}  {name}\n" for name in (FIRST, SECOND))
    fetched = fetch(find("org/sharded", cache))
    assert fetched.sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert fetch(find(write(tmp_path / "local", SHARDED), cache)).sha256 == fetched.sha256


def test_an_id_without_an_organisation(hub: Hub, cache: Path) -> None:
    assert (fetch(find("small", cache)).folder / "model.safetensors").read_bytes() == WEIGHTS


def test_a_second_fetch_downloads_nothing(hub: Hub, cache: Path) -> None:
    fetched = fetch(find("org/small", cache))
    hub.sent.clear()
    located = find("org/small", cache, revision="main")
    assert located.download == 0
    assert fetch(located) == fetched
    assert hub.sent == []


def test_an_interrupted_download_goes_on_where_it_stopped(
    hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1000)
    hub.breaks["model.safetensors"] = 50_000
    located = find("org/small", cache)
    check_refused(lambda: fetch(located), "Check the network connection and run the command again: what has arrived")
    assert not (cache / "hub" / "org--small" / COMMIT / "model.safetensors").exists()
    hub.breaks.clear()
    hub.sent.clear()
    assert fetch(find("org/small", cache)).sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    assert hub.sent == [("model.safetensors", 50_000)]


def test_a_file_that_is_not_what_the_hub_says_is_thrown_away(hub: Hub, cache: Path) -> None:
    hub.stated["model.safetensors"] = "0" * 64
    check_refused(lambda: fetch(find("org/small", cache)), "model.safetensors of org/small did not arrive as the Hub")
    hub.stated.clear()
    assert fetch(find("org/small", cache)).sha256 == hashlib.sha256(WEIGHTS).hexdigest()


def test_a_file_damaged_in_the_cache_is_thrown_away(hub: Hub, cache: Path) -> None:
    (fetch(find("org/small", cache)).folder / "model.safetensors").write_bytes(WEIGHTS[:-4])
    check_refused(lambda: fetch(find("org/small", cache)), "Run the command again")
    assert fetch(find("org/small", cache)).sha256 == hashlib.sha256(WEIGHTS).hexdigest()


def test_a_full_disk_is_the_callers_to_explain(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    located = find("org/small", cache)
    monkeypatch.setattr("huggingface_hub.file_download.http_get", no_room)
    with pytest.raises(OSError, match="No space left"):
        fetch(located)


def test_a_cache_that_cannot_be_written_is_the_callers_to_explain(hub: Hub, cache: Path) -> None:
    cache.write_bytes(b"not a folder")
    with pytest.raises(OSError, match="cache"):
        find("org/small", cache)


def test_the_hub_learns_no_more_than_it_must(hub: Hub, cache: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from model_export.sources import locate\n"
        "locate('org/small', revision=None, cache=Path(sys.argv[1]), trust_remote_code=False)\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, cache], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert hub.agents
    assert not any("torch" in agent for agent in hub.agents)


def test_a_gated_model_with_a_token(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.gated.add("org/small")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    located = find("org/small", cache)
    assert f"It is gated: what you agreed to at {hub.address}/org/small holds" in located.notes[1]
    assert fetch(located).sha256


def test_a_gated_model_without_a_token(hub: Hub, cache: Path) -> None:
    hub.gated.add("org/small")
    check_refused(
        lambda: find("org/small", cache), f"Accept its conditions at {hub.address}/org/small, then set HF_TOKEN"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("org/unknown", "The Hub has no model “org/unknown” that you may read, and there is no such file or folder"),
        ("a--b..c", "The Hub has no model “a--b..c”"),
        ("./small", "There is no file or folder ./small. Check the path"),
        ("models/of/mine", "There is no file or folder models/of/mine"),
        ("small.gguf", "There is no file or folder small.gguf"),
        ("C:\\models\\small.gguf", "There is no file or folder C:\\models\\small.gguf"),
    ],
)
def test_a_name_that_means_nothing(source: str, expected: str, hub: Hub, cache: Path) -> None:
    check_refused(lambda: find(source, cache), expected)


def test_an_unknown_revision(hub: Hub, cache: Path) -> None:
    check_refused(
        lambda: find("org/small", cache, revision="v9"), "has no revision “v9”. Leave --revision out for the newest"
    )


def test_no_network(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    check_refused(lambda: find("org/small", cache), "could not be fetched from http://127.0.0.1:1. Check the network")


def test_a_network_that_was_forbidden(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    reset_sessions()
    check_refused(lambda: find("org/small", cache), "HF_HUB_OFFLINE forbids it. Unset it")
    monkeypatch.undo()
    reset_sessions()


@pytest.mark.parametrize(
    ("status", "expected"),
    [(403, "Check that HF_TOKEN is a valid token"), (429, "answered with status 429"), (503, "Wait a little and run")],
)
def test_a_hub_that_will_not_answer(status: int, expected: str, hub: Hub, cache: Path) -> None:
    hub.status = status
    check_refused(lambda: find("org/small", cache), expected)


@pytest.mark.model
def test_code_that_transformers_has_itself_is_no_remote_code(hub: Hub, cache: Path) -> None:
    config = b'{"model_type": "llama", "auto_map": {"AutoConfig": "own.Own"}}'
    hub.repositories["org/small"]["config.json"] = config
    fetched = fetch(find("org/small", cache))
    assert not list(fetched.folder.glob("*.py"))


def test_trusted_code_is_fetched_too(hub: Hub, cache: Path) -> None:
    config = b'{"model_type": "own", "auto_map": {"AutoConfig": "modeling_own.Own"}}'
    hub.repositories["org/small"]["config.json"] = config
    fetched = fetch(find("org/small", cache, trust_remote_code=True))
    assert [path.name for path in fetched.folder.glob("*.py")] == ["modeling_own.py"]
