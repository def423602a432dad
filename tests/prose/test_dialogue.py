"""Dialogue: what stands between ⟦ and ⟧ is spoken."""

import re

import pytest

from lsp_writer.prose.dialogue import dialogue_share, dialogue_spans, narrated, narration, speeches_in


@pytest.mark.parametrize(
    "marked",
    [
        "⟦“Go,”⟧ he said, ⟦“now.”⟧",
        '⟦"Go,"⟧ he said. ⟦"Don\'t wait."⟧',
        "⟦‘Go,’⟧ she said. ⟦‘It’s the boys’ boat.’⟧ It wasn’t.",
        "⟦'Go,'⟧ she said. ⟦'Don't wait.'⟧ The boys' boat left.",
        "⟦`Who are YOU?'⟧ said the Caterpillar.",
        "⟦«Partez»⟧, dit-il. ⟦„Geh“⟧, sagte er.",
        "⟦「行こう」⟧と彼は言った。⟦『はい』⟧",
        "⟦“A speech that goes on in the next paragraph.⟧",
        "⟦— No, said he.⟧",
        # A curly mark that a straight one closes, and the other way round.
        '⟦“Jory"⟧ he called. ⟦“Come.”⟧',
        '⟦"Jory”⟧ he called. ⟦"Come."⟧',
        '⟦“She said "go" to me,”⟧ he said.',
        '⟦"She said “go” to me,"⟧ he said.',
        '⟦"He is 6\'2" tall,"⟧ she said.',
        'A board of 12" and a man of 6\'2".',
        # German.
        "⟦„Geh“⟧, sagte er. ⟦„Nein, ‚geh‘ sagt man nicht.“⟧ ⟦‚Doch‘⟧, dachte er.",
        "⟦»Geh«⟧, sagte er, ⟦»und nimm ihn mit.«⟧",
        "⟦›Geh‹⟧, dachte er.",
        # French.
        "⟦« Partez ! »⟧ dit-il. ⟦« Non. »⟧",
        # Spanish: told apart where that is certain.
        "⟦—¿Quién eres?⟧ —dijo Ana.",
        "⟦—No puedo⟧ —dijo Ana—, ⟦de verdad.⟧",
        "⟦—No puedo.⟧ —Se levantó.",
        "⟦—No⟧ —dijo Ana— —dijo Eva—",
        "⟦—Mi hermano —que es tonto— no vino.⟧",
        "⟦— Non — dit-il — pas moi.⟧",
        "⟦—Go, he said. Quick—as quick as you can.⟧",
        "’Tis only the wind, and ‘tis late.",
        "It was 'em or us.",
        "Nothing spoken here.",
        "",
    ],
)
def test_dialogue(marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    spoken = re.findall("⟦(.*?)⟧", marked)
    assert [text[span.start : span.end] for span in dialogue_spans(text)] == spoken


def test_share_is_counted_in_words() -> None:
    text = "“One two three,” she said."
    assert dialogue_share(text, dialogue_spans(text)) == pytest.approx(3 / 5)
    assert dialogue_share("", []) == 0


def test_narration_is_what_is_not_spoken() -> None:
    assert narration("“Go,” he said. “Now.” She went.") == " he said.  She went."


def test_a_speech_left_open_ends_with_its_paragraph() -> None:
    assert narrated("“It is late.\n\nShe went.\r\n\r\n— No.") == "\n\nShe went.\r\n\r\n"


def test_speeches_stand_without_their_marks() -> None:
    assert speeches_in("“Go,” he said. ‘It’s the boys’ boat.’ «Partez !»") == [
        "Go,",
        "It’s the boys’ boat.",
        "Partez !",
    ]
    assert speeches_in("— No, said he.") == ["No, said he."]
    assert speeches_in("Nothing spoken here.") == []
