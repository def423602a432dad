"""A long export says what it does, on a terminal and in a log."""

from __future__ import annotations

import io
import logging
import sys
import threading
import warnings
from pathlib import Path

import pytest
from rich.console import Console

from model_export.progress import Steps, growth, quiet


def run(console: Console, *, fail: bool = False) -> str:
    with Steps(console) as steps, steps.step("Measuring", 10) as advance:
        advance(4)
        if fail:
            raise ZeroDivisionError
        advance(6)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_log_has_a_line_for_each_step() -> None:
    assert run(Console(file=io.StringIO())) == "Measuring … 0 s\n"


def test_a_step_that_failed_is_not_said_to_be_done() -> None:
    console = Console(file=io.StringIO())
    with pytest.raises(ZeroDivisionError):
        run(console, fail=True)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "Measuring … not finished\n"


def test_a_terminal_has_a_bar() -> None:
    drawn = run(Console(file=io.StringIO(), force_terminal=True, width=80))
    assert "Measuring" in drawn
    assert "100%" in drawn


def test_quiet_keeps_libraries_off_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with quiet():
        print("Reading layer 0")  # noqa: T201 - as the graph builder does
        sys.stderr.write("a bar of its own")
        logging.getLogger("library").warning("chatter")
        warnings.warn("on purpose", UserWarning, stacklevel=1)
    assert capsys.readouterr() == ("", "")
    assert not logging.getLogger("library").manager.disable


def test_what_appears_in_a_folder_is_progress(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(bytes(1000))
    grown: list[float] = []
    seen = threading.Event()

    def advance(amount: float) -> None:
        grown.append(amount)
        if sum(grown):
            seen.set()

    with growth(tmp_path, advance):
        while not grown:  # what was there before has been counted
            threading.Event().wait(0.01)
        (tmp_path / "new").write_bytes(bytes(100))
        assert seen.wait(60)
    assert sum(grown) == 100
