"""Text to token ids and back, byte for byte.

Decoding goes through each token's bytes and not through the library's decoder, which may strip a leading space and
cannot say where a character that spans two tokens ends.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lsp_writer.errors import ModelUnavailable
from lsp_writer.generation import Segment
from lsp_writer.inference.manifest import export_again
from lsp_writer.inference.vocabulary import Vocabulary

if TYPE_CHECKING:
    import jinja2
    import tokenizers

# A chat template writes the messages' text where it likes. Each text is rendered as this mark and put in afterwards as
# plain text, so that nothing a manuscript says can become a control token.
_MARK = "\ue000{}\ue001"
# Marks what a model is trained to say; of no use to a reader.
_GENERATION = re.compile(r"\{%-?\s*(?:end)?generation\s*-?%\}")
_MARKED = re.compile("\ue000(\\d+)\ue001")


class Tokenizer(Protocol):
    """What the engine asks of a tokenizer."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def beginning_ids(self) -> Sequence[int]:
        """What every prompt begins with, for a model that was trained so."""
        ...

    @property
    def start_ids(self) -> Sequence[int]:
        """What a prompt without text begins with, if it is without a beginning as well."""
        ...

    @property
    def end_ids(self) -> frozenset[int]:
        """Tokens that end the text."""
        ...

    def encode(self, text: str) -> list[int]: ...

    def encode_prompt(self, prompt: Sequence[Segment]) -> list[int]:
        """The prompt's token ids, `beginning_ids` first."""
        ...


class HuggingFaceTokenizer:
    """A `tokenizer.json` with an optional chat template."""

    def __init__(
        self, path: Path, *, chat_template: str | None, beginning_ids: Sequence[int], end_ids: Sequence[int]
    ) -> None:
        from tokenizers import Tokenizer as Backend

        try:
            self._backend: tokenizers.Tokenizer = Backend.from_file(str(path))
        except Exception as error:
            raise ModelUnavailable(
                f"The tokenizer {path} cannot be read ({error}). {export_again(path.parent)}"
            ) from error
        # Of a text that were cut, the end would be lost, which is where the writer is.
        self._backend.no_truncation()
        self._backend.no_padding()
        # A manuscript that happens to say <|im_end|> means the characters; control tokens come from templates alone.
        self._backend.encode_special_tokens = True
        self._special = {
            token.content: number
            for number, token in self._backend.get_added_tokens_decoder().items()
            if token.special and token.content
        }
        self._chat_template = chat_template
        self.beginning_ids = tuple(beginning_ids)
        self.start_ids = tuple(end_ids)[:1]
        self.end_ids = frozenset(end_ids)

    @property
    def has_chat(self) -> bool:
        return self._chat_template is not None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        tokens = {number: token for token, number in self._backend.get_vocab(with_added_tokens=True).items()}
        return Vocabulary.of_tokens(
            [tokens.get(number, "") for number in range(max(tokens) + 1)], set(self._special.values())
        )

    def encode(self, text: str) -> list[int]:
        if text.endswith("\n"):
            # Line breaks at the end of a text are split otherwise than before a word, which is what comes next.
            ids = self._encode(text + "A")
            if self.vocabulary[ids[-1]] == b"A":
                return ids[:-1]
        return self._encode(text)

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._backend.encode(_encodable(text), add_special_tokens=False).ids
        return ids

    def encode_prompt(self, prompt: Sequence[Segment]) -> list[int]:
        """Token ids of a prompt: joined text, or the chat template's rendering if any segment has a chat role. Its
        beginning stands there once, whether the template writes it or not."""
        if all(segment.role == "text" for segment in prompt):
            return [*self.beginning_ids, *self.encode("".join(segment.text for segment in prompt))]
        ids = self._encode_chat(prompt)
        begun = tuple(ids[: len(self.beginning_ids)]) == self.beginning_ids
        return ids if begun else [*self.beginning_ids, *ids]

    def _encode_chat(self, prompt: Sequence[Segment]) -> list[int]:
        if self._chat_template is None:
            raise ModelUnavailable(
                "This model has no chat template, so it cannot follow instructions. Install an instruct model."
            )
        ids: list[int] = []
        for number, part in enumerate(_MARKED.split(self._render(prompt))):
            ids += self.encode(prompt[int(part)].text) if number % 2 else self._encode_template(part)
        return ids

    def _render(self, prompt: Sequence[Segment]) -> str:
        begun = prompt[-1].role == "assistant"
        messages = [
            {"role": "user" if segment.role == "text" else segment.role, "content": _MARK.format(number)}
            for number, segment in enumerate(prompt)
        ]
        rendered = self._rendered(messages[:-1] if begun else messages)
        return rendered + (_MARK.format(len(prompt) - 1) if begun else "")

    def _rendered(self, messages: Sequence[Mapping[str, str]]) -> str:
        from jinja2 import TemplateError

        for attempt in (messages, _told_by_the_user(messages)):
            with contextlib.suppress(TemplateError):
                return self._template.render(messages=attempt, add_generation_prompt=True, bos_token="", eos_token="")
        raise ModelUnavailable("This model's chat template cannot be used. Choose another instruct model.")

    def _encode_template(self, text: str) -> list[int]:
        if not self._special:
            return self.encode(text)
        ids: list[int] = []
        for part in self._special_pattern.split(text):
            ids += [self._special[part]] if part in self._special else self.encode(part)
        return ids

    @cached_property
    def _template(self) -> jinja2.Template:
        return _compiled(self._chat_template or "")

    @cached_property
    def _special_pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._special, key=len, reverse=True)
        return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")


class Detokenizer:
    """Text from a growing sequence of token bytes; a character is given out once its last byte is there."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, token: bytes) -> str:
        return self._decoder.decode(token)


def _told_by_the_user(messages: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """For templates that have no place for a system's message: the user says it, before what they say."""
    told: list[Mapping[str, str]] = []
    for message in messages:
        role = "user" if message["role"] == "system" else message["role"]
        if told and told[-1]["role"] == role:
            told[-1] = {"role": role, "content": f"{told[-1]['content']}\n\n{message['content']}"}
        else:
            told.append({"role": role, "content": message["content"]})
    return told


def _encodable(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8 form, and the library refuses them."""
    return text.encode("utf-8", "replace").decode("utf-8") if any("\ud800" <= c <= "\udfff" for c in text) else text


def _compiled(source: str) -> jinja2.Template:
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def raise_exception(message: str) -> None:
        raise TemplateError(message)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    return environment.from_string(_GENERATION.sub("", source))
