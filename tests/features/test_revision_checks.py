"""Guard rails: what is stripped from an answer, and what is turned away."""

import msgspec
import pytest

from lsp_writer.features.revision.catalogue import REVISIONS, Bounds, revision_of
from lsp_writer.features.revision.checks import cleaned, fault, invented_names, kept_share, unfit_beside

PASSAGE = "Tom opened the office door. The room was empty. He sat down and waited for somebody to call."
LENIENT = Bounds(shortest=0.0, longest=99.0, least_kept=0.0, most_alike=0.95)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Tom waited.", "Tom waited."),
        ("Here's a revised version of the passage:\n\nTom waited.", "Tom waited."),
        ("I'll keep the original passage. Here's the edited version:\nTom waited.", "Tom waited."),
        ("Sure!\n\nTom waited.", "Tom waited."),
        ("Tom waited.\n\nThe phrase “Tom waited” is an example of subjective storytelling.", "Tom waited."),
        ("Tom waited. The narrative does not tell what he felt.", "Tom waited."),
        ("Tom waited. He lit his", "Tom waited."),
        ("Tom\nwaited.", "Tom waited."),
        ('"Tom waited."', "Tom waited."),
        ("“Go,” said Tom. “Now.”", "“Go,” said Tom. “Now.”"),
        ("Here's what I can do for you", ""),
        ("", ""),
    ],
)
def test_only_prose_is_left_of_an_answer(answer: str, expected: str) -> None:
    assert cleaned(answer) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it was not prose"),
        ("Tom opened the office door and found the passage too long.", "it talked about the passage"),
        ("Tom opened the door to a smile from Emily, who waited.", "it brought in Emily"),
        ("Tom sat and waited for a call. Tom sat and waited for a call.", "it repeated itself"),
        ("Tom opened the door. “Nobody here. He sat and waited for a call.", "it broke a quotation"),
        ("I opened the door to my office. It was empty. He sat.", "it changed the point of view"),
        ("Tom sat down. “I waited for my call,” he said.", ""),
        (PASSAGE, "it changed next to nothing"),
        (PASSAGE.replace("door.", "door,"), "it changed next to nothing"),
        ("Tom pushed the door. Rain had got in. He sat and waited.", ""),
    ],
)
def test_faults(text: str, why: str) -> None:
    assert fault(text, PASSAGE, "", LENIENT) == why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"shortest": 2.0}, "it was too short"),
        ({"longest": 0.1}, "it was too long"),
        ({"least_kept": 1.0}, "it strayed from what you wrote"),
        ({"most_alike": 0.3}, "it changed next to nothing"),
    ],
)
def test_each_rewrite_has_its_bounds(change: dict[str, float], why: str) -> None:
    bounded = msgspec.structs.replace(LENIENT, **change)
    assert fault("Tom pushed the door. Rain had got in. He sat and waited.", PASSAGE, "", bounded) == why


def test_a_name_known_from_around_the_passage_is_no_invention() -> None:
    assert invented_names("He thought of Emily's coat.", "") == ["Emily's"]
    assert invented_names("He thought of Emily's coat.", "Emily had gone.") == []
    assert invented_names("Then I went. “Yes,” I said. Nobody came.", "") == []


def test_the_share_of_words_kept_looks_past_endings() -> None:
    assert kept_share("Waiting, he opens the office doors.", "Tom waited. He opened an office door.") == 1.0
    assert kept_share("It rained.", PASSAGE) == 0.0


def test_quotation_marks_around_a_speech_are_the_speech_s_own() -> None:
    assert cleaned("“I won’t sleep.”", "“I shall not sleep now.”") == "“I won’t sleep.”"


@pytest.mark.parametrize(
    ("sentence", "unfit"),
    [
        ("Dust lay on the telephone.", False),
        ("I can see that the scene is full of dust.", True),
        ("There lay Emily.", True),
        ("shades of the night, a mugging gone wrong.", True),
        ("Tom opened the office door.", True),
        ("“Dust lay on the telephone.", True),
        ("This scene is full of dust.", True),
    ],
)
def test_a_new_sentence_has_to_fit_in(sentence: str, unfit: bool) -> None:
    assert unfit_beside(sentence, PASSAGE, PASSAGE) is unfit


def test_every_rewrite_can_be_found_by_its_id() -> None:
    assert [revision_of(revision.id) for revision in REVISIONS] == list(REVISIONS)
