"""What VS Code and the manual say about the options, made from their definitions.

`python -m lsp_writer.settings_schema --write` in the project's folder brings docs/settings.md and the properties in
editors/vscode/package.json up to date; a test fails when they are not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from lsp_writer.settings import SECTION, EditorSettings, MachineSettings, Settings

DOCUMENT = Path("docs/settings.md")
PACKAGE = Path("editors/vscode/package.json")

#: Each group with the scope VS Code gives it: a workspace can set those of scope `window` and none of scope `machine`.
_GROUPS: tuple[tuple[msgspec.Struct, str], ...] = (
    (Settings(), "window"),
    (MachineSettings(), "machine"),
    (EditorSettings(), "machine"),
)

_INTRODUCTION = {
    Settings: "Any editor may set these, for one workspace or for all.",
    MachineSettings: (
        "These choose what runs on your computer, so a workspace cannot set them. They are taken from the command "
        "line, else from the client's `initializationOptions`, else from `config.toml` in your configuration folder "
        "(`lsp-writer doctor` names it), where they stand without the `lspWriter.` before their name."
    ),
    EditorSettings: "These are read by the editor's client before the server runs.",
}


def properties() -> dict[str, dict[str, Any]]:
    """`contributes.configuration.properties` of the VS Code extension."""
    return {name: schema for group, scope in _GROUPS for name, schema in _properties(group, SECTION, scope)}


def document() -> str:
    """docs/settings.md."""
    parts = [
        "# Settings",
        "<!-- Made by `python -m lsp_writer.settings_schema --write` from lsp_writer/settings.py. -->",
        "A value that cannot be used is named in a message and passed over; the others stay in force.",
    ]
    for group, scope in _GROUPS:
        kind = type(group)
        title = kind.__name__.removesuffix("Settings") or "Writing"
        rows = [_row(name, schema) for name, schema in _properties(group, SECTION, scope)]
        table = "\n".join(["| option | values | default | what it does |", "| --- | --- | --- | --- |", *rows])
        parts += [f"## {title}", _INTRODUCTION[kind], table]
    return "\n\n".join(parts) + "\n"


def package_json(before: str) -> str:
    """The text of the extension's package.json with its properties brought up to date."""
    package = json.loads(before)
    package["contributes"]["configuration"]["properties"] = properties()
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _properties(group: msgspec.Struct, path: str, scope: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in msgspec.structs.fields(group):
        name = f"{path}.{field.encode_name}"
        default = getattr(group, field.name)
        if isinstance(default, msgspec.Struct):
            yield from _properties(default, name, scope)
        else:
            yield name, {**_schema(field.type), "default": msgspec.to_builtins(default), "scope": scope}


def _schema(kind: Any) -> dict[str, Any]:
    schema = msgspec.json.schema(kind)
    if "enum" in schema:
        # msgspec sorts the values; their descriptions are in the order of the definition.
        literal, _meta = get_args(kind)
        schema |= {"type": "string", "enum": list(get_args(literal))}
    if "anyOf" in schema:
        # VS Code's page of settings shows a field for a list of types, and none for alternatives.
        value, null = schema.pop("anyOf")
        schema |= value | {"type": [value["type"], null["type"]]}
    return schema


def _row(name: str, schema: dict[str, Any]) -> str:
    match schema:
        case {"enum": values}:
            allowed = ", ".join(f"`{value}`" for value in values)
        case {"minimum": least, "maximum": most}:
            allowed = f"{least} to {most}" + (", `null`" if "null" in schema["type"] else "")
        case {"type": "boolean"}:
            allowed = "`true`, `false`"
        case {"type": "array", "items": {"enum": values}}:
            allowed = "list of " + ", ".join(f"`{value}`" for value in values)
        case {"type": "array"}:
            allowed = "list of text"
        case _:
            allowed = "text"
    return f"| `{name}` | {allowed} | `{json.dumps(schema['default'])}` | {schema['description']} |"


def _write() -> None:
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(), encoding="utf-8")
    if PACKAGE.exists():
        PACKAGE.write_text(package_json(PACKAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        _write()
    else:
        sys.exit("Usage: python -m lsp_writer.settings_schema --write")
