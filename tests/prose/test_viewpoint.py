"""Who narrates: somebody in the story, or nobody there."""

from __future__ import annotations

import pytest

from lsp_writer.prose.viewpoint import viewpoint_of

FIRST, THIRD, UNTOLD = "first", "third", None


@pytest.mark.parametrize(
    ("language", "text", "viewpoint"),
    [
        ("en", "I took the torch from its nail. My hands were cold.", FIRST),
        ("en", "She took the torch from its nail. Her hands were cold.", THIRD),
        ("en", "We drove all night, and nobody had told us why.", FIRST),
        ("en", "I told her that he had gone, and she looked at me.", FIRST),
        # Speeches and thoughts belong to whoever has them.
        ("en", "“I’m afraid,” she said. “My hands are cold.” He took them.", THIRD),
        ("en", "“You are late,” I said, and he gave me the key. “She is asleep.”", FIRST),
        ("en", "She stopped. *Where am I, and who took my bag?* He had not seen her.", THIRD),
        ("en", "She asked _me_, and I said nothing. He wrote to *her*, not to *me*.", FIRST),
        # A word to the reader makes no narrator.
        ("en", "He went his way, and she hers, and they never met again, as I have told. " + "She kept his hat. " * 12,
         THIRD),
        ("en", "I saw him. " + "He took his hat, and she took hers. " * 4, UNTOLD),
        ("en", "Rain on the roofs.", UNTOLD),
        ("en", "She slept.", UNTOLD),
        ("de", "Ich nahm die Lampe. Mir war kalt.", FIRST),
        ("de", "Er nahm seine Lampe. Ihm war kalt.", THIRD),
        ("de", "„Mir ist kalt“, sagte sie. „Ich gehe.“ Er sah sie an.", THIRD),
        ("fr", "J’ai pris la lampe. Mes mains étaient froides.", FIRST),
        ("fr", "Elle prit la lampe. Ses mains étaient froides.", THIRD),
        ("fr", "« J’ai froid », dit-elle. Il s’en alla.", THIRD),
        ("es", "Tomé la lámpara. Me dolían las manos, y mi hermano no estaba.", FIRST),
        ("es", "Ella tomó la lámpara. Le dolían las manos.", THIRD),
        ("zh", "我把信放在桌上。我没有打开。", FIRST),
        ("zh", "他把信放在桌上。“我明天再说。”他说。", THIRD),
        ("", "I took the torch. My hands were cold.", UNTOLD),
    ],
)  # fmt: skip
def test_viewpoint(language: str, text: str, viewpoint: str | None) -> None:
    assert viewpoint_of(text, language) == viewpoint
