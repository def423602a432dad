from __future__ import annotations

import json
from pathlib import Path

from lsp_writer import settings_schema
from lsp_writer.features.revision.document import COMMAND, DOCUMENT, PACKAGE, package_json, updated
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.pass_rates import measured

ROOT = Path(__file__).parents[3]


def test_the_table_is_up_to_date() -> None:
    """If this fails, run `make generated`."""
    document = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    assert updated(document) == document


def test_the_extensions_commands_are_up_to_date() -> None:
    """If this fails, run `make generated`."""
    package = (ROOT / PACKAGE).read_text(encoding="utf-8")
    assert package_json(package) == package


def test_every_rewrite_is_a_command_behind_those_written_by_hand() -> None:
    by_hand = [{"command": "lspWriter.rewrite"}, {"command": "lspWriter.restart"}]
    stale = {"command": f"{COMMAND}gone"}
    before = json.dumps({"contributes": {"commands": [by_hand[0], stale, by_hand[1]]}})
    commands = json.loads(package_json(before))["contributes"]["commands"]
    assert commands[:2] == by_hand
    names = [command["command"].removeprefix(COMMAND) for command in commands[2:]]
    assert sorted(names) == sorted(set(shipped().entries) - {"ask"})
    titles = {command["command"]: command["title"] for command in commands[2:]}
    assert titles[f"{COMMAND}noir"] == "Rewrite as noir"


def test_what_the_settings_write_into_the_same_file_is_left_alone() -> None:
    package = (ROOT / PACKAGE).read_text(encoding="utf-8")
    command = f'"command": "{COMMAND}'
    without = package.replace(command, f"{command}old-").replace("lspWriter.menu.enabled", "lspWriter.menu.old")
    assert package_json(settings_schema.package_json(without)) == package
    assert settings_schema.package_json(package_json(without)) == package


def test_only_what_is_shipped_was_measured() -> None:
    for model in measured():
        assert set(model.rates) <= set(shipped().entries)
