import pytest

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.proofreading import proofreading
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It was full of ⟦fethers⟧.", CritiqueKind.SPELLING),
        ("One that only ⟦apears⟧ so.", CritiqueKind.SPELLING),
        ("He went home on ⟦monday⟧.", CritiqueKind.SPELLING),
        ("As other men tell ⟦there⟧ beads in church.", CritiqueKind.GRAMMAR),
        ("She ⟦walk⟧ to the mill every morning.", CritiqueKind.GRAMMAR),
    ],
)
def test_proofreading(text: str, kind: CritiqueKind) -> None:
    (finding,) = check_rule(proofreading, text)
    assert finding.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        # Rare words, foreign ones, forms and compounds that no dictionary has.
        "He drank from a gasogene in his enigmatical dustcoat, and the bridge was balustraded.",
        "There was pâté de foie gras, a shadowless hall and a vizard mask.",
        # Pasts like their bases, and what only looks wrong.
        "She thrust it away, he hid, and he beat his head.",
        "It was his wont. They sat there in silence. There was a unanimous call.",
        # “Its mighty hard”, it would have.
        "It’s mighty hard to make him work. It's Sunday.",
        # Names, in speeches and possessives too, and what belongs to a word that no dictionary has.
        "Thaddeuss’s hat fell on Mirekk, and “Mirekk!” cried Wojtekk. It was Mirekk's, or the lampligter’s.",
        # What the fast rules say already.
        "He must of put the the lamp away, untill it was very unique.",
        # Speeches are the character's own.
        "“She walk to the mill, she do, and them fethers,” said Jory.",
    ],
)
def test_no_proofreading(text: str) -> None:
    check_rule(proofreading, text)


def test_two_full_stops_have_no_fix() -> None:
    """A file saved with “He laughed.. Then he went.” had an ellipsis there, where a full stop was typed twice."""
    (finding,) = check_rule(proofreading, "He laughed⟦..⟧ Then he went.")
    assert finding.fixes == ()


def test_a_story_is_proofread_only_when_asked_and_keeps_its_own_words() -> None:
    manuscript = Manuscript("file:///story.md", 1, Rope.of("The fethers fell.\n\nThe rivver rose.\n\nA rivver sank."))
    critic = Critic()
    assert critic.in_story(manuscript) == []
    (finding,) = critic.in_story(manuscript, slow=True)
    assert finding.fixes[0] in {"feathers", "fathers"}


def test_a_past_that_lacks_its_ending_is_not_put_into_the_present() -> None:
    """“He run out of money” became “He runs out of money” when the file was saved."""
    for finding in check_rule(proofreading, "They sold the house. He ⟦run⟧ out of money in the spring of that year."):
        assert finding.fixes == ()


def test_a_question_keeps_its_mark() -> None:
    """“Did you mean “their”.” read as if the hover had been cut off."""
    (finding,) = check_rule(proofreading, "They went to ⟦there⟧ house on the hill at night.")
    assert finding.reason == "Did you mean “their”?"
