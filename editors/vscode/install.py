"""Installs the server that the extension carries, `server/*.whl`, into an environment of its own in a folder.

The extension runs it by `python -I install.py FOLDER` and shows the writer what it prints; if it fails, the last line
says why. It gives up, and leaves nothing behind, when its input ends: on every system that happens when the writer
presses Cancel or the editor is killed. Without a folder its exit status says whether this Python will do.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
#: What makes the model, and the report's charts.
EXTRAS = "export,report"
#: PyPI's PyTorch for Linux brings 4 GB for graphics cards, which nobody needs to make the model.
SMALL_TORCH = "https://download.pytorch.org/whl/cpu"
SECONDS_TO_STOP = 3


class NotInstalledError(Exception):
    """Its message is for the writer."""


class Step(NamedTuple):
    command: list[str]
    may_fail: bool = False


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--extras", default=EXTRAS)
    given = options.parse_args()
    # Where `uv run` started this, it says where it is.
    uv = os.environ.get("UV", "")
    if given.folder is None:
        return 0 if python_will_do(uv) else 1
    # The editor reads UTF-8 on Windows, too, and every line when it is printed.
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]  # it is no stand-in here
    try:
        with claimed(given.folder):
            asyncio.run(install_until_told(given.folder, given.extras, uv))
    except asyncio.CancelledError:
        print("Writer was not installed: it was given up.")
    except NotInstalledError as error:
        print(error)
    except OSError as error:
        print(f"Writer was not installed: “{error}”. Look at the log, and try again.")
    else:
        return 0
    return 1


def python_will_do(uv: str) -> bool:
    """Debian's Python comes without the means to make an environment; uv needs none."""
    return (3, 11) <= sys.version_info < (3, 14) and bool(uv or importlib.util.find_spec("ensurepip"))


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Another window may be at it. The system gives a lock back when its process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "installing").open("a") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise NotInstalledError("Writer is being installed already. Try again in some minutes.") from None
        yield


async def install_until_told(folder: Path, extras: str, uv: str) -> None:
    """Cancelled by a signal, or by the end of the input: Windows has no signal that a program could heed."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(install(folder, extras, uv))

    def stop(*_: object) -> None:
        with contextlib.suppress(RuntimeError):  # it is over already
            loop.call_soon_threadsafe(task.cancel)

    def wait_for_end_of_input() -> None:
        while os.read(0, 1024):
            pass
        stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    threading.Thread(target=wait_for_end_of_input, daemon=True).start()
    await task


async def install(folder: Path, extras: str, uv: str) -> None:
    wheel = next((HERE / "server").glob("*.whl"), None)
    if wheel is None:
        raise NotInstalledError("This build of Writer comes without its server. Install lsp-writer by hand.")
    environment, finished = folder / "server", folder / "server" / "finished"
    if finished.is_file() and finished.read_text("utf-8") == wheel.name and starts(python_of(environment)):
        return
    # The programs of an environment name its folder, so it is made in its place. What a try left before goes first.
    remove(environment)
    try:
        for step in steps(environment, wheel, extras, uv):
            try:
                await run(step.command)
            except ChildProcessError:
                if not step.may_fail:
                    raise
        # Last: pip makes the server's program before all that it needs is there.
        finished.write_text(wheel.name, "utf-8")
    except BaseException:
        with contextlib.suppress(OSError):
            remove(environment)
        raise


def python_of(environment: Path) -> str:
    return str(environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def starts(python: str) -> bool:
    """An environment is of no use any more when the Python that it was made with has been taken away."""
    with contextlib.suppress(OSError):
        return subprocess.run([python, "-I", "-c", ""], capture_output=True, check=False).returncode == 0
    return False


def steps(environment: Path, wheel: Path, extras: str, uv: str) -> Iterator[Step]:
    """How `wheel`, with the constraints beside it, gets into a new `environment`."""
    python = python_of(environment)
    if uv:
        yield Step([uv, "venv", "--python", sys.executable, str(environment)])
        pip = [uv, "pip", "install", "--python", python]
    else:
        yield Step([sys.executable, "-I", "-m", "venv", str(environment)])
        pip = [python, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    pip += ["-c", str(wheel.with_name("constraints.txt"))]
    if sys.platform == "linux" and "export" in extras:
        # By itself: an index out of reach costs pip nine seconds for each package, and ends uv. The step after it keeps
        # what this one has installed, and takes PyPI's build if that is nothing.
        yield Step([*pip, "--no-deps", "--index-url", SMALL_TORCH, "torch"], may_fail=True)
    yield Step([*pip, f"lsp-writer[{extras}] @ {wheel.as_uri()}"])


async def run(command: list[str]) -> None:
    print(">", *command)
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # Where the user has told pip to install for the user, it refuses to install into an environment.
        env={**os.environ, "PIP_USER": "0"},
        start_new_session=True,  # a group of its own, so that what it starts can be ended with it
    )
    assert process.stdout
    last = ""
    try:
        async for line in process.stdout:
            if text := line.decode(errors="replace").strip():
                print(last := text)
        status = await process.wait()
    except BaseException:
        await end(process)
        raise
    if status:
        raise ChildProcessError(last)


async def end(process: asyncio.subprocess.Process) -> None:
    """And all that it has started. pip, when interrupted, clears away what it has downloaded so far."""
    if sys.platform == "win32":
        nowhere = subprocess.DEVNULL
        killer = await asyncio.create_subprocess_exec("taskkill", "/pid", str(process.pid), "/t", "/f", stdout=nowhere)
        await killer.wait()
        return
    for harder in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, harder)
        # Who presses Cancel again wants it sooner.
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(process.communicate(), SECONDS_TO_STOP)


def remove(environment: Path) -> None:
    """Never so that half of it passes for the whole."""
    (environment / "finished").unlink(missing_ok=True)
    # What has just ended may keep its files for a moment, on Windows.
    for _ in range(5):
        shutil.rmtree(environment, ignore_errors=True)
        if not environment.exists():
            return
        time.sleep(0.2)
    shutil.rmtree(environment)


if __name__ == "__main__":
    sys.exit(main())
