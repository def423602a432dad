"""Every critique by rule, and in which languages it knows what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lsp_writer.features.critiques.adverbs import adverbs
from lsp_writer.features.critiques.cliche import cliches
from lsp_writer.features.critiques.confusions import confusions
from lsp_writer.features.critiques.dash import dashes
from lsp_writer.features.critiques.dialogue_punctuation import dialogue_punctuation
from lsp_writer.features.critiques.doubled_word import doubled_words
from lsp_writer.features.critiques.filter_words import filter_words
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.machine_phrase import machine_phrases
from lsp_writer.features.critiques.misspelling import misspellings
from lsp_writer.features.critiques.mixed_spelling import mixed_spelling
from lsp_writer.features.critiques.monotone import monotone
from lsp_writer.features.critiques.name_spelling import name_spelling
from lsp_writer.features.critiques.numeral import numerals
from lsp_writer.features.critiques.opening import opening
from lsp_writer.features.critiques.over_long import over_long
from lsp_writer.features.critiques.participle import participles
from lsp_writer.features.critiques.passive import passive
from lsp_writer.features.critiques.proofreading import proofreading
from lsp_writer.features.critiques.quotation_marks import quotation_marks
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.repetition import repetition
from lsp_writer.features.critiques.said_bookisms import said_bookisms
from lsp_writer.features.critiques.senses import senses
from lsp_writer.features.critiques.story import Story
from lsp_writer.features.critiques.talking_heads import talking_heads
from lsp_writer.features.critiques.tense_slip import tense_slip
from lsp_writer.features.critiques.told_emotion import told_emotion
from lsp_writer.features.critiques.unattributed import unattributed
from lsp_writer.features.critiques.usage import usage
from lsp_writer.features.critiques.viewpoint_slip import viewpoint_slip
from lsp_writer.features.critiques.weak_verb import weak_verbs

_ENGLISH = frozenset({"en"})


class ParagraphRule(NamedTuple):
    """What is found in one paragraph, whatever stands around it. No `languages`: it knows them all."""

    find: Callable[[Reading], Iterator[Finding]]
    languages: frozenset[str] = _ENGLISH


class StoryRule(NamedTuple):
    """What is found where paragraphs are compared."""

    find: Callable[[Story], Iterator[Finding]]
    languages: frozenset[str] = _ENGLISH


_ALL: frozenset[str] = frozenset()

PARAGRAPH_RULES: tuple[ParagraphRule, ...] = (
    ParagraphRule(over_long, _ALL),
    ParagraphRule(repetition),
    ParagraphRule(passive),
    ParagraphRule(filter_words),
    ParagraphRule(adverbs),
    ParagraphRule(opening),
    ParagraphRule(monotone, _ALL),
    ParagraphRule(told_emotion),
    ParagraphRule(dialogue_punctuation),
    ParagraphRule(said_bookisms),
    ParagraphRule(doubled_words),
    ParagraphRule(confusions),
    ParagraphRule(participles),
    ParagraphRule(misspellings),
    ParagraphRule(weak_verbs),
    ParagraphRule(cliches),
    ParagraphRule(machine_phrases),
    ParagraphRule(usage),
    ParagraphRule(numerals),
)
#: Of these new text takes seconds.
SLOW_PARAGRAPH_RULES: tuple[ParagraphRule, ...] = (ParagraphRule(proofreading),)
STORY_RULES: tuple[StoryRule, ...] = (
    StoryRule(name_spelling),
    StoryRule(mixed_spelling),
    StoryRule(tense_slip),
    StoryRule(viewpoint_slip),
    StoryRule(senses),
    StoryRule(quotation_marks, _ALL),
    StoryRule(talking_heads, _ALL),
    StoryRule(unattributed, _ALL),
    StoryRule(dashes),
)

#: Found only where the writer asks for it: on edited fiction they are wrong too often, or a matter of taste.
OFF: frozenset[CritiqueKind] = frozenset(
    {
        CritiqueKind.TENSE_SLIP,
        CritiqueKind.VIEWPOINT_SLIP,
        CritiqueKind.TOLD_EMOTION,
        CritiqueKind.SENSES,
        CritiqueKind.AWKWARD,
        CritiqueKind.PREDICTABLE,
    }
)
