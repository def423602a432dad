"""The passive voice in narration: who did it is missing or comes last."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span

_IRREGULAR = word_set(
    """
    beaten begun bitten blown born borne bought bound bred broken brought built burnt cast caught chosen cut
    dealt drawn driven dug eaten fed flung forbidden forgiven forgotten fought found frozen given ground heard
    held hidden hit hung kept laid led lit lost made meant met paid put read said seen sent set sewn shaken shed
    shot shown shut slain sold spent spoken spread sprung stolen struck strung stuck stung sung sunk swept sworn
    swung taken taught thought thrown told torn trodden understood undone woken won worn wound woven written
    """
)

# Participles that tell a state or a feeling more often than a deed, and words that only look like participles.
_STATES = word_set(
    """
    absorbed accustomed acquainted addicted afraid aged agitated alarmed amazed amused animated annoyed armed
    ashamed assured astonished astounded attached aware bearded beloved bent blessed bored born bound bred broken
    buried charmed clad closed clothed complicated composed concealed concerned confused connected contented
    convinced cracked crooked crowded cursed dated decided delighted depressed deserted detailed determined
    devoted disappointed disgusted disposed distressed doomed dressed drunk embarrassed enchanted engaged
    enraged entangled entitled excited exhausted experienced faded fallen familiarised fatigued finished flushed
    fond forced frightened furnished gifted gone grieved hardened heated humiliated hundred hurried impressed
    inclined indebted indeed indisposed infatuated inhabited injured intended interested involved irritated
    jagged learned limited located lost married meant mistaken mixed moved naked need obliged occupied offended
    opposed overjoyed overwhelmed perplexed pleased possessed prejudiced prepared provoked puzzled qualified
    ragged red related relaxed relieved resolved retired rugged ruined sacred satisfied scared seated set
    settled shaded shocked shut situated skilled sophisticated speed staggered startled steeped strained
    supposed surprised sworn talented terrified thrilled tired touched troubled unaccustomed unashamed unmarried
    upset used vexed wearied weed wicked worn worried wounded wretched
    """
)

_ADVERB = r"(?:(?:not|never|also|soon|still|just|already|now|then|often|always|once|again|all|both|[a-z]+ly)\s+)"
_PASSIVE = re.compile(
    r"\b(?P<be>was|were|is|are|be|been|being)\s+"
    rf"{_ADVERB}{{0,2}}(?P<participle>(?:[a-z]{{2,}}ed|{'|'.join(sorted(_IRREGULAR))}))\b(?!-)"
    r"(?!\s+(?:with|in|at|of|to\s+see|upon|on)\b)"
    r"(?P<agent>\s+by\s+(?!day|night|then|now|degrees|chance|hand|heart|mistake|accident|the\s+time|[a-z]+ing\b)"
    r"(?P<who>me|him|them|us|her(?!\s+(?!(?:and|as|with|in|at|on|from|to|into|when|while|before|after|[a-z]+ly)\b)[a-z])"
    r"|(?:(?:the|a|an|his|her|its|their|my|our|some|this|that|these|those)\s+)?[\w’'-]+(?:(?<=[’']s)\s+[\w-]+)?))?"
)
_SUBJECT = {"me": "I", "him": "he", "her": "she", "them": "they", "us": "we"}


def passive(reading: Reading) -> Iterator[Finding]:
    for match in _PASSIVE.finditer(reading.narration):
        if match["participle"] in _STATES and not match["agent"]:
            continue
        if match["who"]:
            reason = f"“{match['be']} {match['participle']}” is passive, and who did it comes last."
            who = " ".join(match["who"].split())
            suggestion = f"Try beginning with “{_SUBJECT.get(who, who)} …”."
        else:
            reason = f"“{match['be']} {match['participle']}” is passive, and nobody is seen to do it."
            suggestion = "Try making whoever or whatever did it the subject."
        yield Finding(Span(*match.span()), CritiqueKind.PASSIVE, reason, suggestion)
