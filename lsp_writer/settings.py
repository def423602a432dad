"""Every option of the program, each with one definition: the schema of VS Code and docs/settings.md come from here.

`Settings` may come from a workspace. `MachineSettings` choose what runs on this computer, so a workspace can never set
them: they come from the command line, from a trusted client's initializationOptions, or from the user's own
configuration file. `EditorSettings` are read by the editors' clients; the server never sees them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta

SECTION = "lspWriter"

#: The names of the critiques, as the hover shows them.
CritiqueName = Literal[
    "grammar",
    "spelling",
    "doubled-word",
    "dialogue-punctuation",
    "quotation-mark",
    "name-spelling",
    "mixed-spelling",
    "tense-slip",
    "viewpoint-slip",
    "over-long",
    "repetition",
    "opening",
    "monotone",
    "passive",
    "weak-verb",
    "filter-word",
    "adverb",
    "said-bookism",
    "cliche",
    "machine-phrase",
    "usage",
    "talking-heads",
    "unattributed",
    "told-emotion",
    "senses",
    "numeral",
    "dash",
    "awkward",
    "predictable",
]

S = TypeVar("S", bound=msgspec.Struct)

# Of a name that is none of ours, so much is told.
_LONGEST_NAME = 80


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
    debounce_milliseconds: Annotated[
        Annotated[int, Meta(ge=0, le=2000)] | None,
        Meta(
            description="How long to wait after a key before the model is asked, in milliseconds. `null`: as your "
            "typing and this computer's speed suggest, which is not at all where it keeps up with you."
        ),
    ] = None
    learn: Annotated[
        bool,
        Meta(
            description="Learn from what you keep and refuse when a suggestion is worth showing. Figures are stored on "
            "this computer, never text."
        ),
    ] = True


class CritiqueSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Critiques, on hover and in the text."""

    enabled: Annotated[
        bool,
        Meta(
            description="Show critiques of the sentence under the pointer, and mark them in the text. A Markdown file "
            "can say otherwise in its front matter, and a comment in it for a paragraph."
        ),
    ] = True
    disabled: Annotated[
        tuple[CritiqueName, ...],
        Meta(
            description="Kinds of critique to leave out, by the name that the hover shows. For single words there is "
            "the dictionary, among the quick fixes."
        ),
    ] = ()
    also: Annotated[
        tuple[CritiqueName, ...],
        Meta(
            description="Kinds of critique to look for that are off unless they are named here: tense-slip, "
            "viewpoint-slip, told-emotion, senses, awkward and predictable."
        ),
    ] = ()
    note: Annotated[
        bool,
        Meta(
            description="Let the model write a short note on the paragraph. It shows only with a model that was "
            "measured to see what is wrong with a text in the paragraph's language: the default model is not one."
        ),
    ] = True


class DiagnosticsSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Critiques marked in the text."""

    show: Annotated[
        Literal["off", "hints", "information"],
        Meta(
            description="How findings are marked in the text, and listed with the editor's other problems.",
            extra_json_schema={
                "enumDescriptions": ["Not at all: only the hover tells.", "Quietly.", "Underlined."],
            },
        ),
    ] = "hints"
    kinds: Annotated[
        Literal["certain", "all"],
        Meta(
            description="Which findings are marked in the text.",
            extra_json_schema={
                "enumDescriptions": [
                    "Slips: grammar, spelling, doubled words, dialogue, quotation marks, names spelt in two ways.",
                    "Matters of style as well.",
                ],
            },
        ),
    ] = "certain"


class CodeLensSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Facts above chapters and scenes."""

    enabled: Annotated[
        bool,
        Meta(description="Show words, reading time, dialogue and pace above chapters and scenes."),
    ] = True


class RewriteSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Rewrites."""

    confirm: Annotated[
        bool,
        Meta(
            description="Let you choose among the changes of a rewrite before they are made, in an editor that can "
            "show them. Off: a rewrite is put in when it is finished, and one undo takes it back."
        ),
    ] = True
    alternatives: Annotated[
        int, Meta(ge=1, le=5, description="How many alternatives of a rewrite are made for you to choose from.")
    ] = 1
    avoid: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...],
        Meta(description="Words and phrases that no rewrite may bring in."),
    ] = ()
    workspace_files: Annotated[
        bool,
        Meta(description="Offer the rewrites that a workspace brings with it, in its folder `.lsp-writer/rewrites`."),
    ] = True


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a writer, or a workspace, may set."""

    menu: MenuSettings = MenuSettings()
    ghost_text: GhostTextSettings = GhostTextSettings()
    critique: CritiqueSettings = CritiqueSettings()
    diagnostics: DiagnosticsSettings = DiagnosticsSettings()
    rewrite: RewriteSettings = RewriteSettings()
    code_lens: CodeLensSettings = CodeLensSettings()


class MachineSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What runs on this computer. Never read from a workspace."""

    model: Annotated[
        str,
        Meta(
            description="The model's name, as `python -m model_export list` shows it, or the path of its folder. "
            "Empty: the default model."
        ),
    ] = ""
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        Meta(description="Where the model runs. `auto` takes a graphics card if there is one that works."),
    ] = "auto"
    threads: Annotated[
        int, Meta(ge=0, le=256, description="Processor threads for the model. 0: as many as there are cores.")
    ] = 0
    memory_limit: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="Megabytes of a graphics card's memory that the model's weights and its passes may take; what "
            "it remembers of your text comes on top. 0: no limit.",
        ),
    ] = 0
    idle_minutes: Annotated[
        float,
        Meta(
            ge=0,
            le=10_000,
            description="After so many minutes without work the model's memory is given back. It comes back by itself "
            "with the next key, in about a second. 0: never.",
        ),
    ] = 15


class EditorSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Read by the editor's client before the server runs."""

    command: Annotated[
        tuple[str, ...],
        Meta(description="The command that starts the server, and its arguments. Empty: the client looks for it."),
    ] = ()


def section_names() -> frozenset[str]:
    """What may stand at the top of a client's section, whoever reads it: the server, the machine or the client."""
    groups = (Settings, MachineSettings, EditorSettings)
    own = {field.encode_name for group in groups for field in msgspec.structs.fields(group)}
    # The client's word on what it can do, wants to know and trusts, and VS Code's switch for its log of messages.
    return frozenset(own | {"revisions", "chooses", "refreshes", "timings", "trusted", "trace"})


def read_settings(base: S, raw: object, path: str = SECTION, *, beside: Collection[str] = ()) -> tuple[S, list[str]]:
    """`base` with what `raw` (decoded JSON or TOML) sets, and a sentence for every value that could not be used.

    Each value is judged alone, and each item of a list: a bad one leaves the others in force. Names that `base` does
    not have are problems too, but for those in `beside`, which are somebody else's.
    """
    if raw is None:
        return base, []
    if not isinstance(raw, Mapping):
        return base, [f"{path} was ignored: it should be a group of settings."]
    values: dict[str, object] = {}
    known = {field.encode_name for field in msgspec.structs.fields(base)} | set(beside)
    strange = (str(name)[:_LONGEST_NAME] for name in raw if name not in known)
    problems = [f"{path}.{name} was ignored: there is no such setting." for name in strange]
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
            values[field.name], found = _read_value(given, field.type, name)
            problems += found
        except msgspec.ValidationError as error:
            problems.append(_ignored(name, error, field.type))
    return msgspec.structs.replace(base, **values), problems


def _read_value(given: object, kind: Any, name: str) -> tuple[object, list[str]]:
    """`given` as `kind`; of a list, the items that can be used. Raises ValidationError if nothing can."""
    plain = get_args(kind)[0]
    if not isinstance(given, list) or get_origin(plain) is not tuple:
        return msgspec.convert(given, kind), []
    item_kind = get_args(plain)[0]
    values, problems = [], []
    for item in given:
        try:
            values.append(msgspec.convert(item, item_kind))
        except msgspec.ValidationError as error:
            problems.append(_ignored(f"{json.dumps(item)} in {name}", error, item_kind))
    return tuple(values), problems


def _ignored(what: str, error: msgspec.ValidationError, kind: Any) -> str:
    allowed = msgspec.json.schema(kind).get("enum")
    reason = f"it should be one of {', '.join(allowed)}" if allowed else f"{str(error)[:1].lower()}{str(error)[1:]}"
    return f"{what} was ignored: {reason}."


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
    table, unreadable = _table(file)
    settings, problems = read_settings(MachineSettings(), table, str(file))
    settings, more = read_settings(settings, client, f"initializationOptions.{SECTION}", beside=section_names())
    settings, most = read_settings(settings, command_line, "command line")
    return settings, [*unreadable, *problems, *more, *most]


def _table(file: Path) -> tuple[object, list[str]]:
    """What `file` holds, None if it is not there, and a sentence if it cannot be read."""
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [f"{file} was ignored: it cannot be read ({error.strerror})."]
    except ValueError as error:  # of the syntax, which names the line, or of the encoding
        return None, [f"{file} was ignored: {error}."]
