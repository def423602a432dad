"""The numbers in a text, in digits or in words: "twelve" and "12" are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

_FULL_WIDTH = str.maketrans("０１２３４５６７８９：", "0123456789:")
# A time of day; or digits, with the marks that part thousands and decimals.
_DIGITS = re.compile(
    r"(?<![\d.,])(?:\d{1,2}:\d{2}|(?:\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+|\d{1,15})(?:[.,]\d{1,2})?)(?!\d)"
)
_THOUSANDS = re.compile(r"[.,'’\u00a0\u202f](?=\d{3}(?!\d))")

_ENGLISH = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen"""
_ENGLISH_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth"""
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_GERMAN = """
ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn
neunzehn"""
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_FRENCH = """
un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"""
_FRENCH_TENS = "vingt trente quarante cinquante soixante"
_SPANISH = """
uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho
diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho
veintinueve"""
_SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_SPANISH_HUNDREDS = "doscient trescient cuatrocient quinient seiscient setecient ochocient novecient"

_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}
_CHINESE_NUMERAL = rf"[{''.join((*_CHINESE_DIGITS, *_CHINESE_UNITS))}]{{1,12}}"
# A numeral is a number where it counts something ("十二张"); 十分, 一直, 千万 and their like do not.
_CHINESE = re.compile(
    rf"第({_CHINESE_NUMERAL})|(?!十分(?!钟))({_CHINESE_NUMERAL})(?=[个個只條条张張年月日天岁歲人次里点點名位本把间間座艘步块塊封杯声聲层層"
    r"支匹件双雙对對口家页頁首句字米尺寸斤元分秒号號代卷章回]|小时|分钟)"
)


class _Words(msgspec.Struct, frozen=True):
    """A language's number words. Where its words stand apart, "-" is a space as well."""

    added: Mapping[str, int]
    multipliers: Mapping[str, int]
    #: After these, less may be added: "two hundred *and five*".
    added_to: tuple[str, ...]
    joint: str = r"[\s-]+"
    and_: str = ""
    #: One, where it is written together with what it multiplies.
    one: str = ""
    #: Words that mean something else as often ("un chapeau neuf").
    doubtful: tuple[str, ...] = ()


def numbers_in(text: str, language: str) -> frozenset[str]:
    """The numbers in `text` as digits: "1000", "3.5", "3:15". A word for one is an article more often than a number and
    is left out, and so are "dozens" and "hundreds". In a language without words here digits alone count.
    Takes two seconds for a book."""
    text = text.translate(_FULL_WIDTH)
    written = _chinese(text) if language == "zh" else _written(text, language)
    return frozenset([*_digits(text), *(str(value) for value in written if value > 1)])


def in_words(number: int) -> str:
    """An English number from 1 to 100 as a novel has it: "nineteen", "forty-one", "a hundred"."""
    if number == 100:
        return "a hundred"
    if number < 20:
        return _ENGLISH.split()[number - 1]
    ten, unit = _ENGLISH_TENS.split()[number // 10 - 2], number % 10
    return f"{ten}-{in_words(unit)}" if unit else ten


def _digits(text: str) -> Iterator[str]:
    for match in _DIGITS.finditer(text):
        yield re.sub(r"\A0+(?=\d)", "", _THOUSANDS.sub("", match[0]).replace(",", "."))


def _written(text: str, language: str) -> Iterator[int]:
    if language not in _MAKERS:
        return
    words = _MAKERS[language]()
    word, number = _patterns(language)
    for match in number.finditer(text):
        said = match[0].casefold()
        if said not in words.doubtful:
            yield _value(word.findall(said), words)


def _value(said: list[str], words: _Words) -> int:
    total = current = 0
    for word in said:
        multiplier = words.multipliers.get(word, 0)
        if not multiplier:
            current += words.added[re.sub(r"[\s-]+", "-", word)]
        elif multiplier < 1_000:
            current = max(current, 1) * multiplier
        else:
            total, current = total + max(current, 1) * multiplier, 0
    return total + current


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One number word, and all of a number."""
    words = _MAKERS[language]()
    added, multiplier = _any(words.added), _any(words.multipliers)
    after = "|".join(f"(?<={word})" for word in words.added_to)
    more = rf"{words.joint}(?:{multiplier})|(?:{after})(?:{words.and_}){words.joint}(?:{added})"
    one = rf"(?:{words.one}(?={multiplier}))?" if words.one else ""
    number = rf"\b{one}(?:{added}|{multiplier})(?:{more})*\b"
    return re.compile(_any({**words.added, **words.multipliers})), re.compile(number, re.IGNORECASE)


def _any(words: Mapping[str, int]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\-", r"[\s-]") for word in longest_first)


def _counted(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * index for index, word in enumerate(words.split())}


def _below_ten(words: dict[str, int]) -> Iterator[tuple[str, int]]:
    return ((word, value) for word, value in words.items() if value < 10)


@cache
def _english() -> _Words:
    units, ordinals = _counted(_ENGLISH, 1), _counted(_ENGLISH_ORDINALS, 1)
    # A second is a time as well.
    added = {word: value for word, value in {**units, **ordinals}.items() if word not in {"one", "first", "second"}}
    added |= {"half-a-dozen": 6, "thirtieth": 30}
    for ten, tens in _counted(_ENGLISH_TENS, 20, 10).items():
        added[ten] = tens
        added |= {f"{ten}-{unit}": tens + value for words in (units, ordinals) for unit, value in _below_ten(words)}
    multipliers = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
    return _Words(added, multipliers, ("hundred", "thousand", "million"), and_=r"\s+and|")


@cache
def _german() -> _Words:
    units = _counted(_GERMAN, 1)
    added = {word: value for word, value in units.items() if value > 1}
    for ten, tens in _counted(_GERMAN_TENS, 20, 10).items():
        added |= {ten: tens} | {f"{unit}und{ten}": tens + value for unit, value in _below_ten(units)}
    multipliers = {"dutzend": 12, "hundert": 100, "tausend": 1_000}
    return _Words(added, multipliers, ("hundert", "tausend"), joint="", and_="und|", one="ein")


@cache
def _french() -> _Words:
    units = _counted(_FRENCH, 1)
    added = {word: value for word, value in units.items() if value > 1} | {"demi-douzaine": 6}
    for ten, tens in _counted(_FRENCH_TENS, 20, 10).items():
        added |= {ten: tens, f"{ten}-et-un": tens + 1, f"{ten}-et-une": tens + 1}
        added |= {f"{ten}-{unit}": tens + value for unit, value in _below_ten(units) if value > 1}
    added |= {f"soixante-{unit}": 60 + value for unit, value in units.items() if value >= 10} | {"soixante-et-onze": 71}
    added |= {f"quatre-vingt-{unit}": 80 + value for unit, value in units.items()} | {"quatre-vingts": 80}
    multipliers = {"douzaine": 12, "cent": 100, "cents": 100, "mille": 1_000}
    return _Words(added, multipliers, ("cent", "mille"), doubtful=("neuf",))


@cache
def _spanish() -> _Words:
    units = _counted(_SPANISH, 1)
    added = {word: value for word, value in units.items() if value > 1}
    added |= {"media-docena": 6, "cien": 100, "ciento": 100}
    for ten, tens in _counted(_SPANISH_TENS, 30, 10).items():
        added |= {ten: tens, f"{ten}-y-un": tens + 1, f"{ten}-y-una": tens + 1}
        added |= {f"{ten}-y-{unit}": tens + value for unit, value in _below_ten(units)}
    for stem, hundreds in _counted(_SPANISH_HUNDREDS, 200, 100).items():
        added |= {f"{stem}os": hundreds, f"{stem}as": hundreds}
    added_to = ("ciento", "cientos", "cientas", "quinientos", "quinientas", "mil")
    return _Words(added, {"docena": 12, "mil": 1_000}, added_to)


_MAKERS = {"en": _english, "de": _german, "fr": _french, "es": _spanish}


def _chinese(text: str) -> Iterator[int]:
    for match in _CHINESE.finditer(text):
        total = section = digit = 0
        for character in match[1] or match[2]:
            if character in _CHINESE_DIGITS:
                digit = _CHINESE_DIGITS[character]
            elif _CHINESE_UNITS[character] < 10_000:
                section, digit = section + max(digit, 1) * _CHINESE_UNITS[character], 0
            else:
                total, section, digit = total + max(section + digit, 1) * 10_000, 0, 0
        yield total + section + digit
