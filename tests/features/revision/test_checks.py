"""Guard rails: what is turned away, and what is let pass."""

from __future__ import annotations

import msgspec
import pytest

from lsp_writer.features.revision.checks import echoes, fault, is_closed, kept_share, likeness, repeats, unfit_beside
from lsp_writer.features.revision.entry import Becomes, Entry, Keeps, Length
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.reading import Reading
from lsp_writer.prose.style_sheet import StyleSheet
from lsp_writer.prose.tense import Tense
from lsp_writer.prose.viewpoint import Person

PASSAGE = "Tom opened the office door. The room was empty. He sat down and waited for somebody to call."
LENIENT = Entry(
    id="lenient", title="Lenient", instructions={"en": "Tell it anew."}, keeps=Keeps(words=0.0), most_alike=0.95
)


def fault_of(text: str, entry: Entry = LENIENT, passage: str = PASSAGE, **reading: object) -> str:
    read = msgspec.structs.replace(Reading(passage=passage, before="", after=""), **reading)
    return fault(text, passage, read, entry)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it was not prose"),
        ("Tom opened the office door and found the passage too long.", "it talked about the passage"),
        ("I’m sorry for the confusion. Tom opened the office door.", "it talked about the passage"),
        # Offered as finished noir by the small model.
        ("Tom opened the office door, a scene that was written in the past tense.", "it talked about the passage"),
        ("Tom opened the office door. (the previous sentence) - Heavens.", "it talked about the passage"),
        ("Tom opened the office door. He wrote: “My name is [Your Name].”", "it talked about the passage"),
        ("A: “Tom opened the door.”\nB: “He sat down in the room.”", "it talked about the passage"),
        ("Tom opened the door to a smile from Emily, who waited.", "it brought in Emily"),
        ("Tom sat and waited for a call. Tom sat and waited for a call.", "it repeated itself"),
        ("Tom sat there. It was small. It was small. He waited for a call.", "it repeated itself"),
        ("He had to go. He had to wait. He had to call. He had to open it.", "it repeated itself"),
        ("Tom opened the door. “Nobody here. He sat and waited for a call.", "it broke a quotation"),
        ("I opened the door to Tom and my office. It was empty. I sat.", "it changed the point of view"),
        ("Tom opens the office door. The room is empty. He sits down and waits.", "it is not in the past tense"),
        ("Tom öffnete die Tür des Büros. Das Zimmer war leer, und er setzte sich.", "it was in another language"),
        ("Tom sat down for 30 hours and waited for a call in the room.", "it brought in the number 30"),
        ("Tom sat down. “I waited for my call,” he said.", ""),
        (PASSAGE, "it changed next to nothing"),
        (PASSAGE.replace("door.", "door,"), "it changed next to nothing"),
        ("Tom pushed the door. Rain had got in. He sat and waited.", ""),
    ],
)
def test_faults(text: str, why: str) -> None:
    assert fault_of(text) == why


PAGES = "The rain went on and on, and nobody in the house said a word about it.\n\n" * 300
LAST = "Very slowly, in the spring of 1947, old Brannock came home to the empty house."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("In the spring of 1947 old Brannock came slowly home to the empty house.", ""),
        ("In the spring of 1948 old Brannock came slowly home to the empty house.", "it brought in the number 1948"),
        ("In the spring of 1947 the old man came slowly home to the empty house.", "it lost Brannock"),
    ],
)
def test_the_names_and_numbers_of_a_long_selection_are_all_known(text: str, why: str) -> None:
    """“It brought in the number 1947”, of a page that had it; and a name that was lost there was not missed. Of all
    that was selected, only the first ten pages had been read for them."""
    reading = Reading(passage=PAGES + LAST, before="", after="")
    assert len(PAGES) > 20_000
    assert fault(text, LAST, reading, LENIENT) == why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"length": Length(least_share=2.0 / 2)}, "it was too short"),
        ({"length": Length(least_words=30)}, "it was too short"),
        ({"length": Length(most_share=0.1)}, "it was too long"),
        ({"length": Length(most_words=5)}, "it was too long"),
        ({"keeps": Keeps(words=1.0)}, "it strayed from what you wrote"),
        ({"most_alike": 0.3}, "it changed next to nothing"),
        ({"becomes": Becomes(tense="present")}, "it is not in the present tense"),
        ({"becomes": Becomes(viewpoint="first")}, "it changed the point of view"),
    ],
)
def test_each_rewrite_has_its_bounds(change: dict[str, object], why: str) -> None:
    text = "Tom pushed the door. Rain was in the room. He sat down and he waited."
    assert fault_of(text, msgspec.structs.replace(LENIENT, **change)) == why


def test_a_name_known_from_around_the_passage_is_no_invention() -> None:
    text = "Tom pushed the door and thought of Emily. He sat and waited."
    assert fault_of(text, before="It was Emily who had gone.") == ""


def test_a_possessive_is_its_name() -> None:
    """“Mrs. Tolland’s garden” became “the garden of Mrs. Tolland”, and she was taken for a stranger."""
    passage = "Mrs. Tolland’s garden was the tidiest in the street."
    assert fault_of("The tidiest garden in the street was that of Mrs. Tolland.", passage=passage) == ""


def test_a_name_known_from_around_the_passage_may_not_be_lost() -> None:
    text = "He opened the door of the office. The room was empty. He sat and waited."
    assert fault_of(text, before="It was the office of old Tom Weaver.") == "it lost Tom"


def test_what_is_said_stays_as_it_was_said() -> None:
    passage = "“You can't stay here,” said Anton at the door."
    assert fault_of("Anton stood at the door. “You must go,” he said.", passage=passage).startswith("it changed what")
    assert fault_of("Anton stood dark in the door. “You can't stay here,” he said.", passage=passage) == ""


def test_dialogue_after_a_dash_may_be_told_anew() -> None:
    """Every rewrite of a paragraph that opened with a dash “changed what is said”, for who says it was counted in."""
    passage = "— No puedo ir contigo —dijo Ana junto a la puerta."
    text = "— No puedo ir contigo —respondió Ana despacio, junto a la puerta."
    assert fault_of(text, passage=passage, language="es") == ""


@pytest.mark.parametrize(
    ("language", "passage", "text"),
    [
        (
            "de",
            "Anton stand in der Tür. „Ich kann nicht bleiben“, sagte er.",
            "In der Tür sagte Anton, er gehe nun fort.",
        ),
        ("de", "Anton stand in der Tür und schwieg.", "In der Tür stand Anton. „Ich gehe“, sagte er. „Heute.“"),
        ("de", "»Geh«, sagte Anton an der Tür.", "An der Tür sagte Anton, sie möge nun gehen."),
        ("fr", "« Pars », dit Anton à la porte.", "À la porte, Anton lui dit de partir maintenant."),
    ],
)
def test_marks_of_every_language_close(language: str, passage: str, text: str) -> None:
    """Every speech between „ and “ was “a broken quotation”."""
    entry = msgspec.structs.replace(LENIENT, keeps=Keeps(words=0.0, quotations=False, names=False))
    assert fault_of(text, entry, passage, language=language) == ""


@pytest.mark.parametrize(("text", "broken"), [("„Geh“, sagte er.", False), ("„Geh, sagte er.", True), ("Geh“", True)])
def test_a_german_speech_is_open_until_it_is_closed(text: str, broken: bool) -> None:
    assert is_closed(text) is not broken


@pytest.mark.parametrize(
    ("wanted", "passage", "text", "changed"),
    [
        ("third", "I take the stairs, and I listen.", "You take the stairs, and then comes listening.", True),
        (None, "I take the stairs, and I listen.", "You take the stairs, and then comes listening.", True),
        ("third", "You take the stairs, and you listen.", "You take the stairs, while he listens.", False),
        (None, "He takes the stairs. She listens.", "He takes the stairs, as you would. She listens.", False),
    ],
)
def test_nobody_becomes_you(wanted: Person | None, passage: str, text: str, changed: bool) -> None:
    """“You work at a lamp shop for three summers” summed up a story that an “I” had told."""
    entry = msgspec.structs.replace(LENIENT, becomes=Becomes(viewpoint=wanted))
    assert (fault_of(text, entry, passage) == "it changed the point of view") is changed


def test_a_story_of_authors_may_go_on_about_them() -> None:
    """A continuation with “The author closed the letter” was turned away, though the story was about an author."""
    text = "Tom opened the office door. The author closed the letter and waited for a call."
    assert fault_of(text, before="The author had a room of her own.") == ""
    assert fault_of(text) == "it talked about the passage"


@pytest.mark.parametrize(
    ("text", "before", "echo"),
    [
        ("He stood in the middle of the room.", "It lay in the middle of the road.", False),
        ("She had put it behind the clock in the hall.", "Had she put it behind the clock in the hall?", True),
        ("她站在窗前，看着雨。", "昨天她站在窗前，唱着歌。", False),
        ("她站在窗前看着雨落在旧院子里。", "昨天她站在窗前看着雨落在旧院子里，唱着歌。", True),
    ],
)
def test_a_usual_turn_is_no_echo(text: str, before: str, echo: bool) -> None:
    """What came next was thrown away, for “in the middle of the” stood in the half page before."""
    assert echoes(text, before) is echo


def test_a_short_turn_may_come_twice_in_chinese() -> None:
    """Five characters are three words: 她站在窗前 came twice, and the text “repeated itself”."""
    assert not repeats("她站在窗前，看着雨。天黑了，她站在窗前，唱着歌。")
    assert repeats("她站在窗前看着雨落在院子里。她站在窗前看着雨落在院子里。")


@pytest.mark.parametrize(("before", "after"), [("’", "'"), ("'", "’")])
def test_a_straight_apostrophe_is_a_curly_one(before: str, after: str) -> None:
    """The model wrote O'Brien for O’Brien, and he was taken for lost."""
    passage = f"Nobody knew O{before}Brien in the town, and he liked it so."
    assert fault_of(f"In the town O{after}Brien was a stranger, and that was what he liked.", passage=passage) == ""


def test_dialogue_that_was_to_be_told_may_not_stay() -> None:
    """A passage put into narration still ended with “Then I have two days.”"""
    passage = "“I’ll wait,” said Tom at the door of the office."
    entry = msgspec.structs.replace(LENIENT, becomes=Becomes(dialogue="none"), keeps=Keeps(words=0.0, quotations=False))
    assert fault_of("At the door of the office Tom said, “I’ll wait.”", entry, passage) == "it left some dialogue"
    assert fault_of("At the door of the office Tom said that he would wait.", entry, passage) == ""


@pytest.mark.parametrize(
    ("tense", "text", "why"),
    [
        (
            "past",
            "Lou poured the coffee. He looked up. When a car pulls in, he looks at it.",
            "it is not in the past tense",
        ),
        ("past", "Lou poured the coffee. He looked up. When a car pulled in, he looked at it.", ""),
        ("present", "Lou pours coffee. He thinks of Owen, who left in spring. He looks at the car.", ""),
        ("present", "Lou poured the coffee. He looked up. He looks at the car.", "it is not in the present tense"),
    ],
)
def test_a_passage_is_put_into_another_tense_to_its_end(tense: Tense, text: str, why: str) -> None:
    """The first sentences of a diner in the present were in the past, and the last were not."""
    entry = msgspec.structs.replace(LENIENT, becomes=Becomes(tense=tense), keeps=Keeps(words=0.0, names=False))
    assert fault_of(text, entry, "Lou poured the coffee. He looked up at Owen and at the car.", before="Owen.") == why


def test_front_matter_decides_what_the_text_leaves_open() -> None:
    sheet = StyleSheet(tense="past", avoid=("a testament to",))
    assert fault_of("Tom opens the door. It is empty, and he is waiting.", sheet=sheet) == "it is not in the past tense"
    text = "Tom opened the door. It was a testament to his hopes. He waited."
    assert fault_of(text, sheet=sheet) == "it said “a testament to”"


def test_the_share_of_words_kept_looks_past_endings() -> None:
    assert kept_share("Waiting, he opens the office doors.", "Tom waited. He opened an office door.") == 1.0
    assert kept_share("It rained.", PASSAGE) == 0.0


def test_likeness_counts_words_in_order() -> None:
    assert likeness(PASSAGE, PASSAGE) == 1.0
    assert likeness("call to somebody for waited", PASSAGE) < 0.4


@pytest.mark.parametrize(
    ("sentence", "unfit"),
    [
        ("Dust lay on the telephone.", False),
        ("shades of the night, a mugging gone wrong.", True),
        ("He sat down and waited for the phone.", True),
        ("“Dust lay on the telephone.", True),
        ("This scene is full of dust.", True),
        ("", True),
    ],
)
def test_a_new_sentence_has_to_fit_in(sentence: str, unfit: bool) -> None:
    assert unfit_beside(sentence, PASSAGE, PASSAGE) is unfit


MET = "He opened the door. He sat down at his desk and waited for his call."
I_MET = "I opened the door and saw him at his desk. I sat down and waited."
QUIET = "The door stood open. Rain was in the room, and nobody had called."


@pytest.mark.parametrize(
    ("passage", "before", "text", "fits"),
    [
        (QUIET, "I walked to my office. I was late.", I_MET, True),
        (QUIET, "I walked to my office. I was late.", MET, True),
        (MET, "I walked to my office. I was late.", I_MET, True),
        (QUIET, "It was my office.", I_MET, True),
        (QUIET, "", I_MET, False),
        (QUIET, "He walked to his office. He was late.", I_MET, False),
        (MET, "", I_MET, False),
        (I_MET, "", MET, False),
    ],
)
def test_who_tells_the_story_is_known_from_around_the_passage(passage: str, before: str, text: str, fits: bool) -> None:
    """In a story told by “I”, a paragraph that named nobody could not be rewritten: “it changed the point of view”."""
    found = fault_of(text, passage=passage, before=before)
    assert (found != "it changed the point of view") is fits


@pytest.mark.parametrize(
    "text",
    [
        "Tom öffnet die Tür des Büros. Das Zimmer ist leer. Er setzt sich und wartet auf einen Anruf von drei Leuten.",
        "Ich öffne die Tür meines Büros. Das Zimmer ist leer. Ich setze mich und warte auf meinen Anruf, Tom.",
    ],
)
def test_a_translation_is_not_held_to_the_patterns_of_the_other_language(text: str) -> None:
    """Every German noun was a stranger: “it brought in Anruf”."""
    keeps = Keeps(words=0.0, language=False)
    assert fault_of(text, msgspec.structs.replace(LENIENT, keeps=keeps)) == ""


ICE = "The ice went out on the river in 1911. Lena mended the 3 nets and waited until 6:30 for her brother Anton."
TRANSLATED = (
    "La glace partit de la rivière en 1911. Lena raccommoda les trois filets et attendit son frère jusqu’à 6 h 30."
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TRANSLATED, ""),
        (TRANSLATED.replace("1911", "1 911"), ""),
        (TRANSLATED.replace("1911", "1912"), "it lost the number 1911"),
        (TRANSLATED.replace("les trois", "ses"), "it lost the number 3"),
        ("Bananas are a popular fruit in many warm countries, and 3 came here in 1911.", "it was in the language"),
        (ICE.replace("mended", "repaired"), "it was in the language"),
        ("一九一一年，河上的冰化了。莱娜补好了3张网，等她的哥哥安东等到六点半，1911。", ""),
    ],
)
def test_a_translation_is_in_another_language_and_keeps_its_digits(text: str, why: str) -> None:
    """“Bananas are a popular fruit in many warm countries” stood for a passage that was to be translated."""
    translate = msgspec.structs.replace(shipped().find("translate"), length=Length())
    assert fault_of(text, translate, ICE).startswith(why)
    assert bool(fault_of(text, translate, ICE)) is bool(why)


def test_of_numbers_in_words_a_translation_is_not_asked() -> None:
    """“Twenty-two windows” are “zweiundzwanzig Fenster”, and no pattern of the one language finds them in the other."""
    text = "La mère vit vingt-deux fenêtres et deux chiens dans la grande maison vide, et pas un homme."
    passage = "The mother saw twenty-two windows and two dogs in the large and empty house, and not 1 man."
    assert fault_of(text, shipped().find("translate"), passage) == ""
