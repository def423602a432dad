"""The tense of narration; what cannot be told stays untold."""

from __future__ import annotations

import pytest

from lsp_writer.prose.tense import tense_of

PAST, PRESENT, UNTOLD = "past", "present", None


@pytest.mark.parametrize(
    ("language", "text", "tense"),
    [
        ("en", "She took the torch from its nail and went down to the slip.", PAST),
        ("en", "She takes the torch from its nail and goes down to the slip.", PRESENT),
        ("en", "I walk to the window and look out. Nobody is at the gate.", PRESENT),
        ("en", "I walked to the window and looked out. Nobody was at the gate.", PAST),
        ("en", "We drive all night. The road shines. I think about the dog.", PRESENT),
        ("en", "He waited. He slowly turned his face to the tower.", PAST),
        ("en", "Pell laughs. He’s made the rope fast.", PRESENT),
        # What is spoken has its own tense.
        ("en", "“It is late,” he said. “I know,” she whispered. “It is always late.” He left.", PAST),
        ("en", "“It was late,” he says. “We were afraid.” He takes her hand.", PRESENT),
        ("en", "“It is late.\n\nShe said nothing. He went to the door.", PAST),
        # A participle is no past.
        ("en", "The parcel is wrapped in paper and tied with string. It has moved.", PRESENT),
        ("en", "Wrapped in paper, tied with string, called for by nobody.", UNTOLD),
        # What is always so is said in the present in a story of the past.
        (
            "en",
            "It ran slow, the way people walk where somebody is ill. It stopped. She waited. He took the rope.",
            PAST,
        ),
        ("en", "She had kept the lamp. Now she sits and waits.", UNTOLD),
        ("en", "Rain on the roofs.", UNTOLD),
        ("en", "They need a red bed.", UNTOLD),
        ("de", "Sie nahm die Lampe vom Nagel und ging zum Steg hinunter.", PAST),
        ("de", "Sie nimmt die Lampe vom Nagel und geht zum Steg hinunter.", PRESENT),
        ("de", "Er rauchte. Dann weckte sie den Hund.", PAST),
        ("de", "Er ist alt und hat keine guten Hände.", PRESENT),
        ("de", "„Es ist spät“, sagte er. „Es ist immer spät.“ Sie schwieg.", PAST),
        ("de", "Ich könnte gehen, aber ich möchte nicht, und sie heute auch nicht.", UNTOLD),
        ("fr", "Elle posa la lettre sous l'horloge et descendit dans la cour.", PAST),
        ("fr", "Elle pose la lettre sous l'horloge et descend dans la cour.", PRESENT),
        ("fr", "Il n’a pas répondu. Elle est partie sans lui.", PAST),
        ("fr", "Les bateaux rentraient et les hommes criaient.", PAST),
        ("fr", "Ils boivent un peu. Le garçon sait tout.", PRESENT),
        ("fr", "« Je suis là », dit-elle. Il se taisait ; la pluie tombait.", PAST),
        ("fr", "Peut-être jamais, mais à part lui, le lait frais du palais.", UNTOLD),
        ("es", "Puso la carta debajo del reloj y bajó al patio.", PAST),
        ("es", "Pone la carta debajo del reloj y sale al patio.", PRESENT),
        ("es", "Los perros ladraban lejos. Ellos callaron.", PAST),
        ("es", "—Eso dice ella.\n\nLlovía y nadie miraba.", PAST),
        ("zh", "他把信放在桌上，没有打开。", UNTOLD),
        ("", "She took the torch and went down.", UNTOLD),
    ],
)
def test_tense(language: str, text: str, tense: str | None) -> None:
    assert tense_of(text, language) == tense


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_nothing_tells_nothing(language: str) -> None:
    assert tense_of("", language) is None
