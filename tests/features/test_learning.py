"""Where the calibration is kept, and what can go wrong with the file."""

from __future__ import annotations

import asyncio
import math
import re
import threading
from pathlib import Path

import msgspec
import pytest

from lsp_writer.features.calibration import Calibration, Evidence, Outcome
from lsp_writer.features.learning import CALIBRATION_FILE, Learner, read_calibration

KEPT = Outcome((Evidence(log_probability=math.log(0.5)),), kept=1, refused=False)
REFUSED = Outcome((Evidence(log_probability=math.log(0.5)),), kept=0, refused=True)


def learnt(*outcomes: Outcome) -> Calibration:
    calibration = Calibration()
    for outcome in outcomes:
        calibration = calibration.after(outcome)
    return calibration


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / CALIBRATION_FILE


def learner(file: Path) -> Learner:
    return Learner(file, read_calibration(file))


async def settled(learner: Learner) -> None:
    if learner._saving is not None:
        await learner._saving


async def test_what_was_learnt_is_there_next_time(file: Path) -> None:
    first = learner(file)
    first.learn([KEPT, KEPT, REFUSED])
    assert first.calibration == learnt(KEPT, KEPT, REFUSED)
    first.close()
    assert read_calibration(file) == learnt(KEPT, KEPT, REFUSED)


async def test_it_is_written_rarely_and_not_at_every_key(file: Path) -> None:
    writer = learner(file)
    writer.learn([KEPT] * 9)
    await settled(writer)
    assert read_calibration(file) == Calibration()
    writer.learn([REFUSED])
    await settled(writer)
    assert read_calibration(file) == writer.calibration == learnt(*[KEPT] * 9, REFUSED)


def test_what_is_learnt_while_the_server_ends_is_written(file: Path) -> None:
    """Closing the last document settled the tenth suggestion when no loop ran any more: the server ended in an
    exception, and nothing was kept."""
    writer = learner(file)
    writer.learn([KEPT] * 10)
    writer.close()
    assert read_calibration(file) == learnt(*[KEPT] * 10)


async def test_a_file_that_cannot_be_read_for_once_is_not_written_over(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year's choices were gone after one read had failed."""
    writer = learner(file)
    writer.learn([KEPT] * 10)
    await settled(writer)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", _refuse)
        writer.learn([REFUSED] * 10)
        await settled(writer)
    writer.close()
    assert read_calibration(file) == learnt(*[KEPT] * 10, *[REFUSED] * 10)


def _refuse(_path: Path) -> bytes:
    raise OSError(24, "Too many open files")


def test_who_suggested_nothing_leaves_no_file(file: Path) -> None:
    learner(file).close()
    assert not file.parent.exists()


async def test_two_servers_learn_together(file: Path) -> None:
    one, other = learner(file), learner(file)
    one.learn([KEPT] * 10)
    await settled(one)
    other.learn([REFUSED] * 10)
    await settled(other)
    assert other.calibration == read_calibration(file) == learnt(*[KEPT] * 10, *[REFUSED] * 10)


async def test_what_is_learnt_while_it_is_written_is_not_lost(file: Path) -> None:
    writer = learner(file)
    writer.learn([KEPT] * 10)
    writer.learn([REFUSED] * 2)
    await asyncio.sleep(0)
    writer.learn([REFUSED])
    await settled(writer)
    writer.close()
    assert read_calibration(file) == writer.calibration == learnt(*[KEPT] * 10, *[REFUSED] * 3)


async def test_a_deleted_file_is_forgotten_while_the_server_runs(file: Path) -> None:
    writer = learner(file)
    writer.learn([KEPT] * 10)
    await settled(writer)
    Path.unlink(file)
    writer.learn([REFUSED] * 10)
    await settled(writer)
    assert writer.calibration == learnt(*[REFUSED] * 10)


def spoilt(**changes: object) -> bytes:
    return msgspec.json.encode({**msgspec.to_builtins(learnt(KEPT)), **changes})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"name": "something else"}',
        spoilt(version=2),
        spoilt(learnt=[0.0]),
        spoilt(learnt=[1e9] * 6),
        b'{"learnt": [1e999, 1, 0, 0, 0, 0]}',
        spoilt(kept=5),
        spoilt(suggestions=-1),
        b"[" * 100_000,
    ],
)
def test_a_file_that_cannot_be_used_is_begun_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert read_calibration(file) == Calibration()
    writer = learner(file)
    writer.learn([KEPT])
    writer.close()
    assert read_calibration(file) == learnt(KEPT)


@pytest.mark.parametrize("place", [f"file/{CALIBRATION_FILE}", "folder"])
def test_a_place_that_cannot_be_written_to_stops_nobody(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder").mkdir()
    writer = learner(tmp_path / place)

    async def learn() -> None:
        for _ in range(2):
            writer.learn([KEPT] * 10)
            await settled(writer)

    asyncio.run(learn())
    assert writer.calibration == learnt(*[KEPT] * 20)
    writer.close()
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}


def test_it_holds_figures_and_no_words(file: Path) -> None:
    writer = learner(file)
    writer.learn([KEPT, REFUSED])
    writer.close()
    names = set(re.findall(r"[A-Za-z]+", file.read_text()))
    assert names <= {"version", "learnt", "suggestions", "kept", "e"}


def test_servers_that_write_at_once_leave_a_whole_file(file: Path) -> None:
    def write() -> None:
        for _ in range(50):
            writer = learner(file)
            asyncio.run(learn(writer))
            writer.close()

    async def learn(writer: Learner) -> None:
        writer.learn([KEPT])

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_calibration(file).suggestions > 0
    assert list(file.parent.iterdir()) == [file]
