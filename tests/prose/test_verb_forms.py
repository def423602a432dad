import pytest

from lsp_writer.prose.verb_forms import past, present_participle, third_person


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("ask", "asks asked asking"),
        ("hope", "hopes hoped hoping"),
        ("stop", "stops stopped stopping"),
        ("reply", "replies replied replying"),
        ("pray", "prays prayed praying"),
        ("query", "queries queried querying"),
        ("hiss", "hisses hissed hissing"),
        ("echo", "echoes echoed echoing"),
        ("coo", "coos cooed cooing"),
        ("bow", "bows bowed bowing"),
        ("yell", "yells yelled yelling"),
        ("whisper", "whispers whispered whispering"),
    ],
)
def test_the_forms_of_a_verb(verb: str, forms: str) -> None:
    assert f"{third_person(verb)} {past(verb)} {present_participle(verb)}" == forms
