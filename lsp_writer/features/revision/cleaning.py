"""What is left of a model's answer once its preamble, its talk and its loose ends are gone."""

from __future__ import annotations

import re

from lsp_writer.features.revision.entry import Form
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.words import words_of

# What a model calls its answer before it comes.
_ANSWER = (
    r"(?:\b(?:passages?|versions?|texte?|scenes?|rewrite|rewritten|revised|edited|paragraphe?|haiku|poem|"
    r"absatz|fassung|szene|scène|pasaje|versión|texto|escena|párrafo)\b|段落|版本|文本|改写|重写)"
)
# “Here is the house. It was old” and “I have one rule: never lie” begin stories. Talk before an answer ends its line
# with a colon, stands alone before a blank line, or says what it is that follows the colon.
_LINE_END = r"(?:[:：][ \t]*(?:\n\s*|\Z))"
_BLANK_LINE = r"\n[ \t]*\n\s*"
_HERE_IS = (
    r"(?:here(?:'s|’s| is| are)|(?:the )?(?:rewritten|revised|edited|shortened|condensed|longer) "
    r"(?=passage|version|scene|text)|hier ist|voici|aquí (?:está|tienes)|以下是)"
    rf"(?:[^\n:：]*{_LINE_END}|[^\n:：]*(?:(?<![,;.!?…。])|{_ANSWER}[^\n:：]*){_BLANK_LINE}|"
    rf"[^\n:：.!?。！？]*{_ANSWER}[^\n:：.!?。！？]*[:：]\s*)"
)
_PREAMBLES = (
    _HERE_IS,
    # Somebody in a story may say “Of course” and “I will”.
    (
        r"(?:sure|certainly|of course|natürlich|bien sûr|por supuesto|当然|好的)[!.,，！。]"
        rf"(?:[^\n:：]*{_LINE_END}|\s*\n+|\s*(?={_HERE_IS}))"
    ),
    rf"i(?:'ll|’ll| will| have|'ve|’ve)[^\n:：]*{_LINE_END}",
    # A first line that ends with a colon is none of the story's in any language.
    r"[^\n]{0,80}[:：]\n+",
)
# A letter may begin with one: “Querida Ana:”.
_OF_LINES = (*_PREAMBLES[:-1], rf"[^\n:：]{{0,80}}{_ANSWER}[^\n:：]{{0,80}}[:：]\n+")
_PREAMBLE = re.compile(rf"\A\s*(?:{'|'.join(_PREAMBLES)})", re.IGNORECASE)
_PREAMBLE_OF_LINES = re.compile(rf"\A\s*(?:{'|'.join(_OF_LINES)})", re.IGNORECASE)
# So many words tell a passage's own beginning from a preamble.
_BEGINNING = 4
# Talk about a text, which is no part of a story, unless the story is about one.
_TALK = re.compile(
    r"\b(?:the (?:phrase|passage|narrative|original|rewrite|revised|author|writer|reader)|"
    r"this (?:passage|version|rewrite|scene|story)|as an ai|language model|rewritten|"
    r"rewrite|let me know|i hope this|feel free|note that|"
    r"the (?:previous|preceding|following) (?:sentence|paragraph)|(?:past|present) tense|"
    r"sorry for (?:the|any) confusion|apologi[sz]e for|as (?:you )?requested|"
    r"de[rs] (?:originaltext|autor|leser)s?|diese[rs]? (?:textstelle|fassung|version)|sprachmodell|umgeschrieben|"
    r"le (?:passage|texte original|lecteur)|cette version|modèle de langage|réécrit|"
    r"el (?:pasaje|texto original|lector)|esta versión|modelo de lenguaje|reescrit[oa])\b|"
    r"^[A-Q]: |\[(?:your|insert|name|the) [^\]\n]*\]|改写|重写|原文|这段(?:文字|话)|语言模型|读者",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")
# German closes with a mark that opens elsewhere, French with a space before it; who is cut short ends with a dash.
_CLOSING = "\"'”’“»«›‹」』)*_"
_ENDED = re.compile(rf"(?:[.!?…。！？]|[—–](?=[\"'”’“»«」』]))(?:[{_CLOSING}]|[ \u00a0\u202f]»)*\Z")
_ITEM = re.compile(r"\A\s*(?:[-*•–]\s+|\(?\d{1,2}[.)、．](?!\d)\s*|[a-z]\)\s*)")
_BOLD_LABEL = re.compile(r"\A\*\*([^*\n]{1,60}?)[:：]?\*\*[:：]?\s*")
# A line of its own that is a heading or a rule, which models put before or after an answer.
_FRAME = re.compile(r"\A\s*(?:#{1,6}\s.*|[-*_]{3,}|```\w*)\s*\Z")


def cleaned(answer: str, passage: str = "", form: Form = "prose", known: str = "") -> str:
    """The answer as text that may stand in a story: one paragraph of `prose`, or `lines` that stay apart. There is no
    preamble, no unfinished last sentence, no talk about it unless all that is `known` of the story talks so, and no
    quotation marks around the whole unless `passage` has them."""
    text = answer.strip()
    preamble = _PREAMBLE_OF_LINES if form == "lines" else _PREAMBLE
    while (match := preamble.match(text)) and not _begin_alike(text, passage):
        text = text[match.end() :].lstrip()
    if form == "lines":
        return _lines(text, known)
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if not _FRAME.match(part)]
    text = " ".join(paragraphs[0].split()) if paragraphs else ""
    if _QUOTED.fullmatch(text) and not _QUOTED.match(passage):
        text = text[1:-1]
    sentences = sentence_spans(text)
    while sentences and not _ENDED.search(text[: sentences[-1].end]):
        sentences.pop()
    while sentences and talks(text[sentences[-1].start : sentences[-1].end], known):
        sentences.pop()
    return text[: sentences[-1].end] if sentences else ""


def items(answer: str) -> list[str]:
    """The items of a list, without their numbers and marks, each once."""
    found: list[str] = []
    for line in answer.splitlines():
        item = _BOLD_LABEL.sub(_label, _ITEM.sub("", line)).strip()
        # What has no mark, in a list where others have one, is talk around it.
        if item and _ITEM.match(line) and not _TALK.search(item):
            found.append(item)
    return list(dict.fromkeys(found))


def talks(text: str, known: str) -> bool:
    """Whether `text` is about a passage and not one, what is `known` of the story being none about stories."""
    return bool(_TALK.search(text)) and not _TALK.search(known)


def _begin_alike(text: str, passage: str) -> bool:
    """Whether both begin with the same words: then they are the story's."""
    first, own = (words_of(part.casefold())[:_BEGINNING] for part in (text, passage))
    return bool(own) and first == own


def _label(match: re.Match[str]) -> str:
    """A label that stood in bold, with a colon if something follows it."""
    return f"{match[1]}: " if match.end() < len(match.string) else match[1]


def _lines(text: str, known: str) -> str:
    lines = [line.strip() for line in text.splitlines() if not _FRAME.match(line)]
    while lines and (not lines[-1] or talks(lines[-1], known)):
        lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
