"""pygls' protocol with two gaps closed."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol

if TYPE_CHECKING:
    from _collections_abc import dict_items


class WriterProtocol(LanguageServerProtocol):
    """Answers requests that cannot be read with an error: pygls only reports them, and the editor waits for ever. And
    `shutdown` is no error while requests are at work."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._request_futures = _Requests()

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and "id" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise


class _Requests(dict[str | int, "Future[Any]"]):
    """On `shutdown` pygls goes through the requests at work and cancels each, which takes it out at once."""

    def items(self) -> dict_items[str | int, Future[Any]]:
        return dict(super().items()).items()
