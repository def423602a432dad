"""A small Hugging Face Hub on the loopback interface: what huggingface_hub asks of the real one, and how it refuses."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_of_the_tests"
#: Larger files are stored apart, with a SHA-256 that the Hub states.
_LARGE = (".safetensors", ".gguf", ".bin")


@dataclass
class Hub:
    """Repositories of one commit each, files by name; and what was asked for."""

    repositories: dict[str, dict[str, bytes]]
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Repositories whose files are shown to those who send TOKEN.
    gated: set[str] = field(default_factory=set)
    #: How many bytes of a file's body are sent before the connection breaks, by name.
    breaks: dict[str, int] = field(default_factory=dict)
    #: What is stated instead of a file's SHA-256, by name.
    stated: dict[str, str] = field(default_factory=dict)
    #: Answered to everything, if it is not 0.
    status: int = 0
    #: Names of the files that were sent, and where each began.
    sent: list[tuple[str, int]] = field(default_factory=list)
    #: Bytes of files that were sent.
    volume: int = 0
    #: The user agents that asked.
    agents: set[str] = field(default_factory=set)
    address: str = ""


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextlib.contextmanager
def serve(repositories: Mapping[str, Mapping[str, bytes]]) -> Iterator[Hub]:
    """The Hub, at `address` until the end of the block: point HF_ENDPOINT there."""
    hub = Hub({name: dict(files) for name, files in repositories.items()})

    class Answer(_Answer):
        served = hub

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        hub.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()


class _Answer(http.server.BaseHTTPRequestHandler):
    served: Hub

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        hub = self.served
        hub.agents.add(self.headers.get("User-Agent", ""))
        path = self.path.partition("?")[0]
        if hub.status:
            self._refuse(hub.status, "", "something")
        elif match := re.fullmatch(r"/api/models/(?P<id>.+?)(/revision/(?P<revision>[^/]+))?", path):
            if self._known(match["id"], match["revision"]):
                self._send(json.dumps(_info(hub, match["id"])).encode(), {"Content-Type": "application/json"})
        elif (match := re.fullmatch(r"/(?P<id>.+?)/resolve/(?P<revision>[^/]+)/(?P<file>.+)", path)) and self._known(
            match["id"], match["revision"]
        ):
            self._file(match["id"], match["file"], with_body=with_body)

    def _known(self, repository: str, revision: str | None) -> bool:
        if repository not in self.served.repositories:
            self._refuse(401, "RepoNotFound", "Repository not found")
            return False
        if revision not in {None, "main", COMMIT}:
            self._refuse(404, "RevisionNotFound", "Invalid rev id")
            return False
        return True

    def _file(self, repository: str, name: str, *, with_body: bool) -> None:
        hub = self.served
        if repository in hub.gated and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._refuse(401, "GatedRepo", "Access to this model is restricted")
            return
        content = hub.repositories[repository].get(name)
        if content is None:
            self._refuse(404, "EntryNotFound", "Entry not found")
            return
        headers = {"ETag": f'"{_etag(hub, name, content)}"', "X-Repo-Commit": COMMIT}
        begin, end = 0, len(content)
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            begin, end = int(wanted[1]), min(int(wanted[2] or len(content)) + 1, len(content))
            headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(content)}"
        whole = content[begin:end]
        if with_body:
            hub.sent.append((name, begin))
            hub.volume += len(whole)
        body = whole[: hub.breaks.get(name, len(whole))] if with_body else b""
        self._send(body, headers, status=206 if wanted else 200, length=len(whole))

    def _refuse(self, status: int, code: str, message: str) -> None:
        self._send(b"", {"X-Error-Code": code, "X-Error-Message": message}, status=status)

    def _send(self, body: bytes, headers: Mapping[str, str], *, status: int = 200, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def _info(hub: Hub, repository: str) -> dict[str, Any]:
    siblings: list[dict[str, Any]] = []
    for name, content in hub.repositories[repository].items():
        sibling: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": _etag(hub, name, b"blob")}
        if name.endswith(_LARGE):
            sibling["lfs"] = {"sha256": _etag(hub, name, content), "size": len(content), "pointerSize": 130}
        siblings.append(sibling)
    return {
        "id": repository,
        "sha": COMMIT,
        "gated": "manual" if repository in hub.gated else False,
        "cardData": hub.cards.get(repository, {}),
        "siblings": siblings,
    }


def _etag(hub: Hub, name: str, content: bytes) -> str:
    if name.endswith(_LARGE):
        return hub.stated.get(name) or hashlib.sha256(content).hexdigest()
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
