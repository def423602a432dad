"""Where a speech meets its tag."""

import pytest

from lsp_writer.features.critiques.dialogue_punctuation import dialogue_punctuation
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("“Then it is wrong⟦.⟧” she said.", ","),
        ('"Then it is wrong⟦.⟧" said Odile.', ","),
        ("‘Then it is wrong⟦.⟧’ she said.", ","),
        ("“Then it is wrong⟦.⟧” Marten said.", ","),
        ("“Somebody⟦”⟧ he said.", ",”"),
        ('"Somebody⟦"⟧ said the old clerk.', ',"'),
        # “Go”, he said. became “Go,”, he said.
        ("“Go⟦”,⟧ he said.", ",”"),
        # “Wait” , she said. became “Wait,” , she said.
        ("“Wait⟦” ,⟧ she said.", ",”"),
        ("“Come in⟦,⟧” He shut the door.", "."),
        ("“Come in⟦,⟧” The man shut the door.", "."),
        ("“It is the weather⟦,⟧” Hale smiled at the almanac.", "."),
        ("“It is the weather⟦,⟧” Mr. Hale turned to the window.", "."),
        ("“Nobody,” ⟦She⟧ said.", "she"),
        ("“Nobody,” ⟦He⟧ had said.", "he"),
        ("“Where is he?” ⟦He⟧ asked.", "he"),
        ("“It is late.” ⟦she⟧ shrugged.", "She"),
        ("“It is late⟦,⟧” It had begun to rain.", "."),
        ("“Where is he!” ⟦She⟧ cried again.", "she"),
        ("“The eye,” said Pike⟦.⟧ “is the last thing to lie.”", ","),
        ('"The eye," he said⟦.⟧ "is the last."', ","),
    ],
)
def test_it_is_mended(text: str, fix: str) -> None:
    (finding,) = check_rule(dialogue_punctuation, text)
    assert finding.fixes == (fix,)


@pytest.mark.parametrize(
    "text",
    [
        "“It is wrong,” she said. “The clock is late.”",
        "“It is wrong,” she said, “and late.”",
        "“It is wrong?” she said.",
        "“It is wrong—” said Odile.",
        "“It is wrong…” he said.",
        "“It is wrong.” She sat down.",
        "“It is wrong.” She said nothing.",
        "“It is wrong.” Marten asked the boy for the lamp.",
        "“It is wrong.” She said, “Look again.”",
        "“It is wrong?” Marten called the dog.",
        "“It is wrong.” She began to cry.",
        "“Nobody,” I said.",
        "“Nobody,” Mrs. Lind had said.",
        # A word that is quoted, and one that ends in a full stop of its own.
        "He wore the “regalia” she had sewn.",
        "He called it “Excalibur” she said.",
        "They were insufferably “stuck-up.” They began to tell their adventures.",
        "“I asked for Mr.” she said.",
        "“It was the F.B.I.” he said.",
        "“It was...” he said.",
        # What is quoted within a speech.
        "“He told me ‘Nobody’ and she said it, too.”",
        # A mark of the wrong kind is told elsewhere.
        '“Jory" he called.',
        # What breaks into a sentence may need dashes.
        "“I thought,” Marten looked away, “that you knew.”",
        "Nothing is spoken here, she said.",
        "",
    ],
)
def test_it_is_silent(text: str) -> None:
    check_rule(dialogue_punctuation, text)


@pytest.mark.parametrize(
    "text", ["“Where are you going⟦”⟧ she asked.", "“Go. Who is there⟦”⟧ he said.", "“You saw it⟦”⟧ she asked."]
)
def test_a_question_may_want_its_mark(text: str) -> None:
    """“Where are you going” she asked: a comma was put in when the file was saved."""
    (finding,) = check_rule(dialogue_punctuation, text)
    assert finding.fixes == ("?”", ",”")


def test_a_comma_outside_takes_the_place_of_the_full_stop_inside() -> None:
    """“Nothing.”, she said: it became “Nothing,”, she said."""
    (finding,) = check_rule(dialogue_punctuation, "“Nothing⟦.”,⟧ she said.")
    assert finding.fixes == (",”",)
