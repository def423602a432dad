"""The table of docs/rewrites.md, made from the catalogue and what was measured of it, and VS Code's commands for it.

`python -m lsp_writer.features.revision.document --write` in the project's folder brings the table and the commands in
editors/vscode/package.json up to date; a test fails when they are not.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lsp_writer.features.revision.entry import Does, Entry, Takes
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.pass_rates import Measured, measured

DOCUMENT = Path("docs/rewrites.md")
PACKAGE = Path("editors/vscode/package.json")

#: Before the id of an entry it is the name of its command.
COMMAND = "lspWriter.rewrite."
#: The writer's own wish has a command of its own, which asks for it.
_ASK = "ask"
# VS Code puts an edit into what is read-only all the same, and marks nothing as changed.
_IN_PROSE = "(editorLangId == markdown || editorLangId == plaintext) && !activeEditorIsReadonly"

_MARKS = (
    "<!-- catalogue: made by python -m lsp_writer.features.revision.document --write -->\n",
    "<!-- end of catalogue -->",
)
_TAKES: dict[Takes, str] = {
    "selection": "what is selected",
    "sentence": "the sentence",
    "paragraph": "the paragraph",
    "scene": "the scene",
    "caret": "what stands before the caret",
}
_DOES: dict[Does, str] = {
    "replace": "a new text in its place",
    "insert": "a text after it",
    "alternatives": "a list to choose from",
}


def updated(document: str) -> str:
    """`document` with its table made anew."""
    begin, end = _MARKS
    before, rest = document.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}{_table()}\n{end}{after}"


def package_json(before: str) -> str:
    """The text of the extension's package.json with a command for every entry, behind those written by hand."""
    package = json.loads(before)
    contributes = package["contributes"]
    others = [command for command in contributes["commands"] if not command["command"].startswith(COMMAND)]
    contributes["commands"] = [*others, *_commands()]
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _commands() -> list[dict[str, str]]:
    return [
        {"command": COMMAND + entry.id, "category": "Writer", "title": entry.title, "enablement": _IN_PROSE}
        for entry in shipped().entries.values()
        if entry.id != _ASK
    ]


def _table() -> str:
    models = measured()
    heading = ("id", "title", "group", "reads", "gives", *(model.name for model in models))
    rows = [_row(entry, models) for entry in shipped().entries.values()]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows))


def _row(entry: Entry, models: tuple[Measured, ...]) -> tuple[str, ...]:
    rates = (model.rates.get(entry.id) for model in models)
    shown = ("" if rate is None else f"{rate:.0%}" for rate in rates)
    return (f"`{entry.id}`", entry.title, entry.group, _TAKES[entry.takes], _DOES[entry.does], *shown)


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("Usage: python -m lsp_writer.features.revision.document --write")
    DOCUMENT.write_text(updated(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    if PACKAGE.exists():
        PACKAGE.write_text(package_json(PACKAGE.read_text(encoding="utf-8")), encoding="utf-8")
