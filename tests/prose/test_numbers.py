"""The numbers in a text, in digits and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.numbers import numbers_in


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "In 1984 he paid 1,000 for 12 boats.", "1984 1000 12"),
        ("en", "At 3:15 the 2nd train, no. 7, was 0.5 miles away; 3.50 was the fare.", "3:15 2 7 0.5 3.50"),
        ("en", "Twelve men, two dogs.", "12 2"),
        ("en", "She was twenty-one and he thirty five.", "21 35"),
        ("en", "Two hundred and five sheep, a thousand birds, three thousand four hundred fish.", "205 1000 3400"),
        ("en", "Half a dozen eggs, a dozen, two dozen.", "6 12 24"),
        ("en", "On the thirtieth, the eighth of November, the twenty-third.", "30 8 23"),
        ("en", "He has two and three, four, five-year-old twins.", "2 3 4 5"),
        ("en", "One of them, no one, someone; hundreds, dozens; often, network, tent; the second.", ""),
        ("en", "The Seven Sleepers", "7"),
        ("de", "Zwölf Männer, dreihundertfünfundzwanzig Schafe.", "12 325"),
        ("de", "Einhundert, zweitausend, ein Dutzend.", "100 2000 12"),
        ("de", "1.000 Euro, 3,5 Meter, einundzwanzig, um 3:15", "1000 3.5 21 3:15"),
        ("de", "Ein Mann, eine Frau; Achtung, Verachtung, allein, dreist.", ""),
        ("fr", "Vingt et un hommes, soixante-dix-sept, quatre-vingts, quatre-vingt-onze, deux cents, deux cent trois.",
         "21 77 80 91 200 203"),
        ("fr", "Un homme, une femme, un chapeau neuf. Mille douze.", "1012"),
        ("fr", "1\u202f000 francs", "1000"),
        ("es", "Treinta y cinco hombres, doscientos dos, mil quinientos, cien, una docena.", "35 202 1500 100 12"),
        ("es", "Un hombre, una mujer, ninguno, mientras, entonces.", ""),
        ("zh", "他买了十二张纸，走了三百里，第二天两个人来了，二十一岁。", "12 300 2 21"),
        ("zh", "他十分高兴，一直笑，千万别走，一个人。", ""),
        ("zh", "１２人", "12"),
        ("", "Twelve or 13", "13"),
    ],
)  # fmt: skip
def test_numbers(language: str, text: str, numbers: str) -> None:
    assert numbers_in(text, language) == frozenset(numbers.split())


@pytest.mark.parametrize(
    ("language", "word", "digits"),
    [
        ("en", "ninety-nine", "99"),
        ("de", "neunundneunzig", "99"),
        ("fr", "quatre-vingt-dix-neuf", "99"),
        ("es", "noventa y nueve", "99"),
        ("zh", "九十九个", "99个"),
        ("en", "a thousand", "1,000"),
        ("de", "tausend", "1.000"),
    ],
)
def test_words_and_digits_are_the_same_number(language: str, word: str, digits: str) -> None:
    assert numbers_in(word, language) == numbers_in(digits, language) != frozenset()


@given(
    st.text(alphabet="one two hundred and 1.,:-五十万個", max_size=60), st.sampled_from(["en", "de", "fr", "es", "zh"])
)
def test_any_text_is_read(text: str, language: str) -> None:
    assert all(number.replace(".", "").replace(":", "").isdecimal() for number in numbers_in(text, language))
