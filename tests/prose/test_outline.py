"""How a manuscript is divided."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import outline
from lsp_writer.prose.rope import Rope

NOVEL = """---
title: Salt
---

A line before all.

# One

First.

***

Second.
Still second.

## A letter

# Two #

```
# no heading
```

Third.

⁂

* * *

Last.
"""


def divided(text: str, *, markdown: bool = True) -> list[tuple[str, int, list[str]]]:
    sections = outline(Manuscript("file:///novel.md", 1, Rope.of(text), markdown))
    return [
        (section.title, section.level, [text[scene.start : scene.end] for scene in section.scenes])
        for section in sections
    ]


def test_chapters_and_scenes() -> None:
    assert divided(NOVEL) == [
        ("", 0, ["A line before all."]),
        ("One", 1, ["First.", "Second.\nStill second."]),
        ("A letter", 2, []),
        ("Two", 1, ["Third.", "Last."]),
    ]


def test_every_section_stands_behind_the_one_before() -> None:
    sections = outline(Manuscript("file:///novel.md", 1, Rope.of(NOVEL)))
    assert [NOVEL[section.heading.start : section.heading.end] for section in sections[1:]] == [
        "# One",
        "## A letter",
        "# Two #",
    ]
    for section, following in pairwise(sections):
        assert section.span.start <= section.heading.start
        assert section.span.end <= following.span.start


@pytest.mark.parametrize(
    "line", ["CHAPTER I. Down the Rabbit-Hole", "Chapter 12", "Kapitel 3", "第一回　宴桃園豪傑三結義", "Epilogue."]
)
def test_chapters_of_plain_text(line: str) -> None:
    assert divided(f"{line}\n\nOnce.", markdown=False) == [(line.rstrip("."), 1, ["Once."])]


@pytest.mark.parametrize("text", ["Chapter one was read aloud.\nNobody heard.", "Part of it.\n\nIvy grew."])
def test_a_sentence_is_no_chapter(text: str) -> None:
    assert [section[1] for section in divided(text, markdown=False)] == [0]


@pytest.mark.parametrize("text", ["", "\n\n", "```\ncode\n```\n", "***\n"])
def test_nothing_to_divide(text: str) -> None:
    assert divided(text) == []


def test_a_note_to_oneself_is_no_scene() -> None:
    """Above “<!-- to do: a storm -->” stood “0 words”, and the outline had a scene of that name."""
    note = "<!-- to do: a storm -->"
    assert divided(f"# One\n\n{note}\n\n***\n\nShe left.\n{note}\nIt rained.\n\n{note}\n") == [
        ("One", 1, [f"She left.\n{note}\nIt rained."])
    ]
    assert divided(f"{note}\n") == []
    assert divided(f"{note} She left.\n") == [("", 0, [f"{note} She left."])]
