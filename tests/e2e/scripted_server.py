"""The server on standard input and output with a scripted model: `scripted_server.py REPLIES_AS_JSON [LOG_LEVEL]`."""

from __future__ import annotations

import json
import logging
import sys

from lsp_writer.serve import serve
from tests.scripted_text_model import ScriptedTextModel

if __name__ == "__main__":
    replies = json.loads(sys.argv[1])
    level = logging.getLevelNamesMapping()[sys.argv[2]] if len(sys.argv) > 2 else logging.WARNING
    sys.exit(serve(lambda _: ScriptedTextModel(replies), {}, log_level=level))
