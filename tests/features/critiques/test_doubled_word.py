import pytest

from lsp_writer.features.critiques.doubled_word import doubled_words
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "He wiped ⟦the the⟧ window.",
        "⟦The the⟧ window was white.",
        "He listened to ⟦it\nit⟧.",
        "“Bring me the ⟦lamp lamp⟧,” he said.",
        "“The other way ⟦round round⟧, since he is a fool,” she said.",
        # Silent: grammar, emphasis, sound, three of them.
        "He had had enough, and she knew that that was so.",
        "She gave her her coat and went in in the dark.",
        "It was a very very long long road.",
        "Knock knock went the branch.",
        "They walked and walked and on and on.",
        "It went round round round.",
        # Names, other sentences, parts of words, what Markdown hides.
        "He saw Humpty Humpty on the wall.",
        "He saw the lamp. Lamp after lamp was lit.",
        "“No, no,” she said. It was a half-lit lit room.",
        "He read the          the          again.",
        # Called and stammered.
        "“Run run,” she said. “And then, help help!”",
        "“I I was not there,” he said.",
    ],
)
def test_doubled_words(text: str) -> None:
    check_rule(doubled_words, text)


def test_one_of_a_doubled_word_stays() -> None:
    (finding,) = check_rule(doubled_words, "⟦The the⟧ window was white.")
    assert finding.fixes == ("The",)
