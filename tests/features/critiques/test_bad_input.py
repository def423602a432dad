"""What is no prose, or hardly any: nothing is said, or little, and nothing breaks."""

from __future__ import annotations

import pytest

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

POEM = """# The Ferry

The river keeps its counsel, and the wind
goes over it like someone looking for
a key she dropped there when the year was thin
and light lay folded on the kitchen floor.

the ferry knocks.
the ferry knocks.
nobody comes, and nobody is late;
nobody waits, and nothing is the matter.

O keep, o keep, o keep the little gate,
for all the water says is water, water.

She walks in beauty,
    she walks in rain,
        she walks
            again, again.

“And who are you?” the ferryman began,
“And who am I?” the drowning man replied.
"""
SCREENPLAY = """INT. KITCHEN - NIGHT

MARA (30s, wet coat) stands at the sink. She doesn't turn.

                    MARA
          You're late.

                    TOM
               (beat)
          The bridge was closed.

                    MARA
          The bridge.

She laughs. TOM sets the bag down. Slowly. CUT TO:

EXT. BRIDGE - DAY

POLICE TAPE flaps. A BOY, 8, eats an apple.

                    BOY (V.O.)
          I saw him fall.

FADE OUT.
"""
TABLE = """| Name | Age | Notes |
| --- | ---: | :--- |
| Mara | 34 | was taken by the the sea |
| Tom  | 36 | "unclosed quote, and and then some more of it |

| a | b |
|---|---|
| he said softly | she whispered loudly |
"""
CODE = """Here is a scene, and here is what the machine makes of it in the end.

```python
def the_the(the, the): return "the the
```

Some `inline the the` code.

<div>
<p>The the paragraph in HTML.</p>
</div>

~~~
unclosed the the
"""
LANGUAGES = """Sie sagte: „Komm nach Hause.“ Er ging. The rain came down on the town and nobody saw it at all.

«Je ne sais pas», dit-il. Elle le regarda longtemps sans rien dire et puis elle ferma la porte derrière elle.

她说：“回家吧。”他没有回答，只是看着窗外的雨，雨下得很大，他想起了从前的事情。

「もう帰る」と彼は言った。雨が降っていた。彼女は何も言わなかった。

Она сказала: «Иди домой». Он не ответил и долго смотрел в окно на дождь.

قالت: «اذهب إلى البيت». لم يجب.

“Señora,” he said, “¿dónde está la casa?” She didn't know—no lo sabía.
"""


def found(text: str, *, markdown: bool = True) -> list[Finding]:
    manuscript = Manuscript("file:///story", 1, Rope.of(text), markdown)
    return [finding for finding in Critic().in_story(manuscript, slow=True) if finding.kind not in OFF]


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("text", [POEM, SCREENPLAY])
def test_verse_and_screenplays_are_left_alone(text: str, *, markdown: bool) -> None:
    assert found(text, markdown=markdown) == []


@pytest.mark.parametrize("text", [TABLE, CODE, LANGUAGES])
def test_what_is_no_prose_or_in_several_languages_is_left_alone(text: str) -> None:
    """“sagte” was told to be misspelt, in a line of German on an English page."""
    assert found(text) == []


def test_no_fix_takes_the_place_of_code() -> None:
    """Harper saw eleven spaces where there was code, and would have left one."""
    for finding in found("She typed `rm  -rf` and went out.\n\nShe typed the `x` the wrong way."):
        assert finding.fixes == ()


@pytest.mark.parametrize(
    "text",
    [
        "“" * 5_000,
        '"' * 5_000,
        "." * 20_000,
        "\n" * 20_000,
        "[(" * 500,
        "*_" * 500,
        "<!-- " * 500,
        "😀" * 500,
        "\0\ufeff",
    ],
)
@pytest.mark.parametrize("markdown", [True, False])
def test_what_has_no_words_has_no_findings(text: str, *, markdown: bool) -> None:
    """A line of five thousand quotation marks had five thousand findings."""
    assert found(text, markdown=markdown) == []


def test_half_a_surrogate_pair() -> None:
    (finding,) = found("He \ud83d left the the house.")
    assert finding.fixes == ("the",)


def test_a_speech_that_is_left_open_is_told_of_in_its_own_chapter() -> None:
    """Sixty chapters that each opened with a mark and never closed it took one another up."""
    story = "\n\n".join(f"# {number}\n\n“He left it there and went home." for number in range(5))
    assert len(found(story)) == 5
