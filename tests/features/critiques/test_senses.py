from lsp_writer.features.critiques.senses import senses
from tests.features.critiques.marked_rule import check_story_rule

SEEN = "The lamps were bright on the red roofs. She looked over the square to where he stood by his car. "


def test_a_scene_that_is_only_seen() -> None:
    check_story_rule(senses, f"⟦It was noon.⟧ {SEEN * 25}")


def test_a_scene_with_a_sound_a_short_one_and_a_speech() -> None:
    check_story_rule(senses, f"It was noon. {SEEN * 25} A bell rang.")
    check_story_rule(senses, f"It was noon. {SEEN}")
    check_story_rule(senses, f"It was noon. “{SEEN * 25}”")


def test_each_scene_is_its_own() -> None:
    check_story_rule(senses, f"A bell rang. {SEEN * 25}\n\n***\n\n⟦It was noon.⟧ {SEEN * 25}")
