"""Everything works with no network, and nothing so much as asks for one."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.e2e.stdio_editor import started
from tests.e2e.test_real_model import AFTER, BEFORE, PASSAGE, STORY

pytestmark = pytest.mark.process

# Python's own sockets are forbidden outright; a name space without interfaces, where the system allows one, also shuts
# out the native libraries. The constants are CLONE_NEWUSER and CLONE_NEWNET.
_WITHOUT_NETWORK = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)
def forbid(event, arguments):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        os.write(2, f"{event}{arguments}".encode())
        os._exit(66)
sys.addaudithook(forbid)
sys.argv = ["lsp-writer", "--stdio"]
from lsp_writer.__main__ import main

main()
"""


@pytest.mark.model
async def test_ghost_text_menu_hover_and_a_rewrite_without_a_network() -> None:
    async with started("-c", _WITHOUT_NETWORK, speaks="visual-studio-code") as editor:
        story = f"{STORY} "  # where a new word begins, so that there is one to choose
        editor.open(story)
        assert await editor.ghost_text(len(story), trigger_kind=types.InlineCompletionTriggerKind.Invoked)
        assert (await editor.complete(len(story))).items
        hover = await editor.hover(story.index("opened"))
        assert hover is not None
        await editor.rewrite(len(BEFORE), len(BEFORE + PASSAGE), "expand")
        await editor.until(lambda: editor.text != story, seconds=120)
        assert editor.text.startswith(BEFORE)
        assert editor.text.endswith(f"{AFTER} ")


def test_the_guard_would_notice() -> None:
    import subprocess
    import sys

    guard = _WITHOUT_NETWORK.rpartition("sys.argv")[0]
    tries = "import socket; socket.create_connection(('127.0.0.1', 9))"
    ended = subprocess.run([sys.executable, "-c", guard + tries], capture_output=True, check=False, text=True)
    assert ended.returncode == 66
    assert ended.stderr.startswith("socket.")
