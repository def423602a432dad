"""The language of a text, by a sentence or two of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.language import LANGUAGES, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("She put the letter under the clock.", "en"),
        ("Two men stood by the gate and smoked.", "en"),
        ("THE RAIN CAME DOWN", "en"),
        ("Sie legte den Brief unter die Uhr.", "de"),
        ("Zwei Männer standen am Tor und rauchten.", "de"),
        ("Puis elle descendit dans la cour.", "fr"),
        ("« Je ne reste pas longtemps », dit-il en arrivant.", "fr"),
        ("Luego bajó al patio y tomó el cubo.", "es"),
        ("—No me quedo mucho —dijo cuando llegó.", "es"),
        ("他把信放在桌上，没有打开。", "zh"),
        ("走", "zh"),
        # A few foreign words change nothing.
        ("“Bonjour,” said Anne, and closed the door behind her.", "en"),
        ("He read 明天再说 on the paper and laughed.", "en"),
        # Neighbours and strangers.
        ("Mise la lettera sotto l'orologio, dove poteva vederla.", ""),
        ("Pôs a carta debaixo do relógio, onde a podia ver.", ""),
        ("Ze legde de brief onder de klok, waar ze hem kon zien.", ""),
        ("Sedan gick hon ner på gården och tog hinken från spiken.", ""),
        ("Va posar la carta sota el rellotge, on la podia veure.", ""),
        ("Он шёл домой и молчал.", ""),
        ("彼は手紙を机の上に置いた。", ""),
        ("그는 편지를 책상 위에 놓았다.", ""),
        # Too little to tell.
        ("", ""),
        ("Hm.", ""),
        ("1984 …", ""),
        ("Ines. Pell. Tomas.", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text(max_size=60))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text) in {*LANGUAGES, ""}


def test_the_rest_of_a_book_is_not_read() -> None:
    opening = "She put the letter under the clock. " * 200
    assert language_of(opening + "Sie legte den Brief unter die Uhr. " * 2_000) == "en"
