"""lsp-writer with a model that always says the same, slowly, for tests of what an editor does with its answers."""

from __future__ import annotations

import sys

from lsp_writer.serve import serve
from tests.scripted_text_model import ScriptedTextModel

REPLIES = {"was tied to the": " harbour wall by a rope. Nobody was aboard."}
WORDS = {"was tied to the": ("harbour", "iron", "old")}

if __name__ == "__main__":
    sys.exit(serve(lambda _: ScriptedTextModel(REPLIES, WORDS, seconds_a_word=0.15), {}))
