from lsp_writer.features.critiques.facts import facts, facts_of
from lsp_writer.features.critiques.reading import read


def test_facts_of_a_paragraph() -> None:
    reading = read("“Four words, all told,” said Jo. She left.")
    assert facts(reading) == "8 words · 2 sentences · 50% dialogue · 2 s to read"
    assert facts(read("word " * 400)) == "400 words · 1 sentence · 0% dialogue · 1 min 32 s to read"


def test_facts_of_a_chapter_of_one_word() -> None:
    """Above a chapter that was just begun stood “1 words a sentence”."""
    assert facts_of(["Rain."]) == "1 word · under a minute · 0% dialogue · 1 word a sentence"


def test_an_empty_paragraph_has_no_sentences() -> None:
    assert read("").sentences == read("  ").sentences == ()
