"""A scene with nothing in it but what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.story import Story
from lsp_writer.prose.words import count_words

# A shorter scene has no room, and one that hardly looks is no picture.
_LEAST_WORDS = 400
_LEAST_SIGHTS = 5

_SIGHT = re.compile(
    r"\b(?:saw|see|seen|look(?:ed|ing|s)?|watch(?:ed|ing)?|gaz(?:ed|ing)|star(?:ed|ing)|glanc(?:ed|ing)|glimpse[ds]?"
    r"|bright|dark|light|shadows?|gleam\w*|glitter\w*|shone|shining|gr[ae]y|black|white|red|green|blue|yellow|brown"
    r"|gold(?:en)?|silver|pale|colou?r\w*|shape[ds]?|eyes?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:hear[ds]?|hearing|listen\w*|sounds?|nois\w+|silen\w+|quiet\w*|loud\w*|voices?|whisper\w*|shout\w*|scream\w*"
    r"|rang|ring(?:ing|s)?|knock\w*|creak\w*|rustl\w+|rattl\w+|hiss\w*|hum(?:med|ming)?|murmur\w*|echo\w*|music|sang|song"
    r"|click\w*|crack\w*|thunder\w*|groan\w*|sigh\w*|laugh\w*|smel\w+|scent\w*|stank|stink\w*|odou?rs?|reek\w*|perfume\w*"
    r"|tast\w+|sweet\w*|bitter\w*|sour|salt\w*|touch\w*|felt|feel\w*|cold\w*|warm\w*|hot|heat|chill\w*|icy|damp|wet"
    r"|dry|rough|smooth|soft\w*|hard|sharp|ach\w+|pain\w*|stung|sting\w*|burn\w*|shiver\w*|wind|breeze)\b",
    re.IGNORECASE,
)


def senses(story: Story) -> Iterator[Finding]:
    for scene in story.scenes:
        told = "\n".join(paragraph.reading.narration for paragraph in scene)
        if _OTHER.search(told) or count_words(told) < _LEAST_WORDS or len(_SIGHT.findall(told)) < _LEAST_SIGHTS:
            continue
        first = scene[0]
        yield Finding(
            first.placed(first.reading.sentences[0]),
            CritiqueKind.SENSES,
            "This scene is seen throughout: nothing in it is heard, smelled, tasted or touched.",
            "Try one sound, one smell or one touch that only this place has.",
        )
