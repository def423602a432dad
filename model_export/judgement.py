"""Whether a model sees what is wrong with a passage: if it does not, what it says of one is not worth reading.

Every passage has one weakness and a sound twin. The notes to choose from are scored after both, and what counts is how
much likelier the weakness makes each: how likely a note is at all, and what the passage is about, cancel out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from lsp_writer.errors import InvalidRequest, ModelUnavailable
from lsp_writer.generation import Kind, Score, Scores, Segment
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.manifest import LEAST_RIGHT, MANIFEST_FILE, Judgement, read_manifest
from model_export.progress import Steps

#: Natural logarithm of the probability of a text as the answer to a prompt.
Likelihood = Callable[[tuple[Segment, ...], str], float]


class Passage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    #: The name of the note that is right.
    weakness: str
    weak: str
    #: The same without the weakness.
    sound: str


class Exam(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model is asked in one language."""

    #: As it is asked where notes are made.
    role: str
    question: str
    opening: str
    notes: Mapping[str, str]
    passages: tuple[Passage, ...]

    def prompt(self, text: str) -> tuple[Segment, ...]:
        asked = f"{text}\n\n{self.question}"
        return (Segment(self.role, "system"), Segment(asked, "user"), Segment(self.opening, "assistant"))


@cache
def exams() -> Mapping[str, Exam]:
    """By language, English first."""
    return msgspec.toml.decode((files(__package__) / "judgement.toml").read_bytes(), type=dict[str, Exam])


def judged(engine: Engine, steps: Steps, *, fully: bool = False) -> tuple[Judgement, ...]:
    """What the model of `engine` sees, a language at a time; in none besides English unless it does in that. Empty for
    a model that cannot be asked. Who has been wrong too often is asked no more, unless `fully`."""
    found: list[Judgement] = []
    try:
        for language, exam in exams().items():
            with steps.step(f"Asking what is wrong with {len(exam.passages)} passages ({language})"):
                found.append(
                    judgement(language, exam, lambda prompt, text: _likelihood(engine, prompt, text), fully=fully)
                )
            if not found[0].is_sound:
                break
    except (InvalidRequest, ModelUnavailable):  # a template that cannot be used, or too short a context
        return ()
    return tuple(found)


def judge_again(folder: Path, steps: Steps) -> tuple[Judgement, ...]:
    """The same of the installed model in `folder`, whose manifest then says so.

    Raises ModelUnavailable, or OSError if the manifest cannot be written.
    """
    from lsp_writer.inference.loading import load_engine

    with steps.step("Opening the model"):
        engine = load_engine(folder).engine
    manifest = read_manifest(folder)
    found = judged(engine, steps, fully=True) if manifest.chat_template else ()
    manifest = msgspec.structs.replace(manifest, judgements=found)
    made = folder / f".{MANIFEST_FILE}"
    made.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    made.replace(folder / MANIFEST_FILE)
    return found


def judgement(language: str, exam: Exam, likelihood: Likelihood, *, fully: bool) -> Judgement:
    right = asked = 0
    for passage in exam.passages:
        right += _chosen(exam, passage, likelihood) == passage.weakness
        asked += 1
        if not fully and asked - right > (1 - LEAST_RIGHT) * len(exam.passages):
            break
    return Judgement(language=language, passages=asked, choices=len(exam.notes), right=round(right / asked, 3))


def _chosen(exam: Exam, passage: Passage, likelihood: Likelihood) -> str:
    weak, sound = exam.prompt(passage.weak), exam.prompt(passage.sound)
    # A text at a time: the notes share what was read of it.
    here = {name: likelihood(weak, note) for name, note in exam.notes.items()}
    twin = {name: likelihood(sound, note) for name, note in exam.notes.items()}
    return max(exam.notes, key=lambda name: here[name] - twin[name])


def _likelihood(engine: Engine, prompt: tuple[Segment, ...], text: str) -> float:
    for event in engine.run(Kind.CRITIQUE, Score(prompt=prompt, text=text), threading.Event()):
        if isinstance(event, Scores):
            return sum(token.log_probability for token in event.tokens)
    raise AssertionError("a score that nobody cancels has an answer")
