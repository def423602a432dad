"""A manuscript's front matter before the writer's general word."""

from __future__ import annotations

import pytest

from lsp_writer.features.file_settings import settings_for
from lsp_writer.prose.front_matter import Switches
from lsp_writer.settings import CritiqueSettings, Settings


def critique_for(settings: CritiqueSettings, switches: Switches) -> CritiqueSettings:
    return settings_for(Settings(critique=settings), switches).critique


def test_nothing_said() -> None:
    assert settings_for(Settings(), Switches()) == Settings()


@pytest.mark.parametrize("said", [True, False])
def test_critiques_are_switched(said: bool) -> None:
    assert critique_for(CritiqueSettings(enabled=not said), Switches(critique=said)).enabled == said


def test_kinds_are_left_out_and_looked_for() -> None:
    settings = CritiqueSettings(disabled=("adverb", "dash"), also=("senses",))
    found = critique_for(settings, Switches(critique_off=("passive", "pasive"), critique_also=("adverb", "tense-slip")))
    assert found.disabled == ("dash", "passive")
    assert found.also == ("senses", "adverb", "tense-slip")
