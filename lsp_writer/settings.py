"""Every option of the program, each with one definition: the schema of VS Code and docs/settings.md come from here.

`Settings` may come from a workspace. `MachineSettings` choose what runs on this computer, so a workspace can never set
them: they come from the command line, from a trusted client's initializationOptions, or from the user's own
configuration file. `EditorSettings` are read by the editors' clients; the server never sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

SECTION = "lspWriter"

S = TypeVar("S", bound=msgspec.Struct)


class MenuSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The completion menu."""

    enabled: Annotated[
        bool, Meta(description="Offer probable next words, or endings of the half-typed word, in the completion menu.")
    ] = True
    max_items: Annotated[int, Meta(ge=1, le=50, description="The most words the menu offers.")] = 8


class GhostTextSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Ghost text: a suggestion shown after the caret while you type."""

    mode: Annotated[
        Literal["automatic", "onDemand", "off"],
        Meta(
            description="When ghost text appears.",
            extra_json_schema={
                "enumDescriptions": ["While you type.", "Only when you ask for it.", "Never."],
            },
        ),
    ] = "automatic"
    max_tokens: Annotated[
        int,
        Meta(ge=1, le=200, description="The longest suggestion, in tokens of the model (about four letters each)."),
    ] = 24


class CritiqueSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Critiques on hover."""

    enabled: Annotated[bool, Meta(description="Show critiques of the sentence under the pointer.")] = True
    disabled: Annotated[
        tuple[str, ...],
        Meta(description="Kinds of critique to leave out, by the name that the hover shows."),
    ] = ()
    predictable_phrases: Annotated[
        bool, Meta(description="Let the model look for predictable and awkward phrases.")
    ] = True


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a writer, or a workspace, may set."""

    menu: MenuSettings = MenuSettings()
    ghost_text: GhostTextSettings = GhostTextSettings()
    critique: CritiqueSettings = CritiqueSettings()


class MachineSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What runs on this computer. Never read from a workspace."""

    model: Annotated[str, Meta(description="The model's folder. Empty: the default model.")] = ""
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        Meta(description="Where the model runs. `auto` takes a graphics card if there is one that works."),
    ] = "auto"
    threads: Annotated[
        int, Meta(ge=0, le=256, description="Processor threads for the model. 0: as many as there are cores.")
    ] = 0


class EditorSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Read by the editor's client before the server runs."""

    command: Annotated[
        tuple[str, ...],
        Meta(description="The command that starts the server and its arguments. Empty: `lsp-writer` on the path."),
    ] = ()


def read_settings(base: S, raw: object, path: str = SECTION) -> tuple[S, list[str]]:
    """`base` with what `raw` (decoded JSON or TOML) sets, and a sentence for every value that could not be used.

    Each value is judged alone: a bad one leaves the others in force. Names that `base` does not have are passed over,
    because one section holds the settings of the server, the machine and the client.
    """
    if raw is None:
        return base, []
    if not isinstance(raw, Mapping):
        return base, [f"{path} was ignored: it should be a group of settings."]
    values: dict[str, object] = {}
    problems: list[str] = []
    for field in msgspec.structs.fields(base):
        if field.encode_name not in raw:
            continue
        given, name = raw[field.encode_name], f"{path}.{field.encode_name}"
        current = getattr(base, field.name)
        if isinstance(current, msgspec.Struct):
            values[field.name], found = read_settings(current, given, name)
            problems += found
            continue
        try:
            values[field.name] = msgspec.convert(given, field.type)
        except msgspec.ValidationError as error:
            problems.append(f"{name} was ignored: {str(error)[:1].lower()}{str(error)[1:]}.")
    return msgspec.structs.replace(base, **values), problems


def user_settings_file() -> Path:
    """Where the user's own configuration file is, whether it exists or not."""
    import platformdirs

    return Path(platformdirs.user_config_dir("lsp-writer", appauthor=False)) / "config.toml"


def read_machine_settings(
    command_line: Mapping[str, object], client: object, file: Path
) -> tuple[MachineSettings, list[str]]:
    """What runs here: the command line before the client's initializationOptions before the user's `file`.

    Also returns a sentence for every value that could not be used.
    """
    settings, problems = read_settings(MachineSettings(), _table(file), str(file))
    settings, more = read_settings(settings, client, "initializationOptions.lspWriter")
    settings, most = read_settings(settings, command_line, "command line")
    return settings, [*problems, *more, *most]


def _table(file: Path) -> object:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return f"unreadable: {error}"
