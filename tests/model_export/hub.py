"""A Hugging Face Hub of one's own, on the loopback: what the library asks for, and no more."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub(ThreadingHTTPServer):
    """Holds repositories, each with its files by name; one commit each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, dict[str, bytes]] = {}
        #: The files that were downloaded, in order.
        self.downloaded: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def running_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that the library takes for the real one."""
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        for name, files in self.server.repositories.items():
            if path in {f"/api/models/{name}", f"/api/models/{name}/revision/{COMMIT}"}:
                self._send(json.dumps(_description(name, files)).encode(), with_body=with_body)
                return
            if path.startswith(f"/api/models/{name}/revision/"):
                self._refuse("RevisionNotFound")
                return
            file = path.removeprefix(f"/{name}/resolve/{COMMIT}/")
            if file in files:
                if with_body:
                    self.server.downloaded.append(file)
                self._send(files[file], with_body=with_body)
                return
        self._refuse("RepoNotFound")

    def _send(self, body: bytes, *, with_body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _refuse(self, code: str) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _description(name: str, files: dict[str, bytes]) -> dict[str, object]:
    siblings = [{"rfilename": file, "size": len(content)} for file, content in files.items()]
    return {"id": name, "sha": COMMIT, "private": False, "gated": False, "siblings": siblings, "tags": []}
