"""The documents name only what there is: files, targets of make, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from lsp_writer.cli.app import app

PROJECT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
# What the set-up makes, and the reader's own.
NOT_KEPT = {"ghost-text.json", ".venv", ".venv/bin/python", "config.toml"}
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"[\w./-]*[\w-]\.(?:py|md|toml|txt|sh|lua|ts|json|vsix)|\.[\w/]+|[\w./-]+/")


def read(document: str) -> str:
    return (PROJECT / document).read_text(encoding="utf-8")


def code(text: str) -> list[str]:
    """What stands in code spans, and the lines of code blocks."""
    lines = [line for block in FENCED.findall(text) for line in block.splitlines()[1:-1]]
    return lines + re.findall(r"`([^`\n]+)`", FENCED.sub("", text))


def files_named(text: str) -> set[str]:
    """Files and folders in code spans and links; the tree of the README is a block, whose lines begin with them."""
    named = {span for span in re.findall(r"`([^`\n]+)`", FENCED.sub("", text)) if FILE.fullmatch(span)}
    named |= set(re.findall(r"\]\(([^)#:]+)\)", text))
    return named - NOT_KEPT


def tree(text: str) -> set[str]:
    block = next(block for block in FENCED.findall(text) if "\nlsp_writer/\n" in block)
    found, parent = set(), ""
    for line in block.splitlines()[1:-1]:
        names = re.match(r"( *)((?:[\w.]+/?(?:  )?)+?)(?:  |$)", line)
        assert names, line
        for name in re.findall(r"[\w.]+/?", names[2]):
            found.add((parent if names[1] else "") + name)
        parent = parent if names[1] else names[2].strip()
    return found


def exists(name: str) -> bool:
    """As a path from the project or from a part of it, or, for a bare name, anywhere in a package."""
    packages = (PROJECT / "lsp_writer", PROJECT / "model_export", PROJECT / "editors" / "neovim")
    extension = PROJECT / "editors" / "vscode"
    return any((folder / name).exists() for folder in (PROJECT, *packages, extension, extension / "src")) or (
        "/" not in name and any(any(package.rglob(name)) for package in packages)
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    """ARCHITECTURE.md named `tests/server/test_logs.py` for an invariant; there was no such test."""
    named = files_named(read(document))
    assert len(named) > 2
    assert {name for name in named if not exists(name)} == set()


def test_the_tree_of_the_readme() -> None:
    named = tree(read("README.md"))
    assert {"lsp_writer/__main__.py", "lsp_writer/cli/", "samples/"} <= named
    assert {name for name in named if not (PROJECT / name).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_of_make_exists(document: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for line in code(read(document)) for target in re.findall(r"^make ([\w-]+)", line)}
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_exists(document: str) -> None:
    group = typer.main.get_command(app)
    commands = set(getattr(group, "commands", ()))
    assert "demo" in commands
    run = r"(?:^|/python -m )(?:lsp-writer|lsp_writer) ([a-z]\w*)"
    named = {command for line in code(read(document)) for command in re.findall(run, line)}
    assert named <= commands
