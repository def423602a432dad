"""The seam between features and inference: requests and answers as plain frozen data.

Features import this module and nothing of `lsp_writer.inference`; the engine implements `TextModel`. No request
holds a callable, so an adapter may just as well live in another process.
"""

from __future__ import annotations

import enum
import math
from collections.abc import AsyncGenerator, Callable
from typing import Literal, Protocol

import msgspec

from lsp_writer.errors import ModelNotMade, WriterError

Role = Literal["text", "system", "user", "assistant"]


class Segment(msgspec.Struct, frozen=True):
    """One part of a prompt. A prompt lists its most stable segment first, so that caches reuse the longest prefix.

    Segments of role `text` are joined as they are. If any segment has another role, the prompt goes through the
    model's chat template; a last segment of role `assistant` is then the beginning of the answer.
    """

    text: str
    role: Role = "text"


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """How the next token is chosen. The defaults are greedy decoding."""

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    #: Against saying again what was generated before (DRY): from `dry_multiplier`, 0 for never, times `dry_base` to the
    #: power of how many more than `dry_allowed_length` tokens are said again. The prompt may be repeated.
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    #: Against the obvious (XTC): how often all but the least probable of the tokens whose probability is at least
    #: `xtc_threshold` are ruled out. Of no effect without a temperature.
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    #: Phrases that are never said, as whole words, and those that are said less: the token that would complete one of
    #: these loses `discouragement` of its logarithmic probability. Letter case and the shape of quotes do not matter.
    banned: tuple[str, ...] = ()
    discouraged: tuple[str, ...] = ()
    discouragement: float = 2.0
    seed: int = 0


class Stops(msgspec.Struct, frozen=True, kw_only=True):
    """When generation ends, whichever comes first."""

    max_new_tokens: int
    #: Regular expression over the generated text, which ends where the first match ends. Empty: none.
    end_pattern: str = ""
    #: Stop before the first line break that follows some text.
    at_paragraph_end: bool = False
    #: Stop where the generated text begins to repeat this text (what stands after the caret). Empty: none.
    before: str = ""
    #: Stop when the generated text has begun to repeat itself.
    at_loop: bool = True
    #: Wall-clock budget in seconds from when the prompt has been read, which is of use for the next request as well.
    seconds: float | None = None
    #: Say nothing after the ranked words if the first of them, with which it would begin, has a lower log-probability.
    first_word: float = -math.inf


class Generate(msgspec.Struct, frozen=True, kw_only=True):
    """Continue `prompt`. The answer begins with `typed`, which is not part of the prompt: decoding is constrained to
    its bytes, so that a half-typed word is completed and not merely followed. Pieces carry only what comes after
    `typed`.

    If `words` is not 0, `RankedWords` is the first event, and the continuation begins with the most probable word, so
    the two never disagree. `stops.max_new_tokens` 0 asks for the words alone.
    """

    prompt: tuple[Segment, ...]
    typed: str = ""
    stops: Stops
    sampling: Sampling = Sampling()
    #: The most continuations decoded side by side. Greedy ones begin with as many different words, most probable first,
    #: and are fewer where fewer words are likely; seeds of sampled ones count up from `sampling.seed`.
    candidates: int = 1
    #: Rank this many whole words, or endings of the one in `typed`. 0: none.
    words: int = 0
    #: Draft tokens from the prompt and from what was said, for an answer that repeats much of either. It changes the
    #: speed only. Several candidates are decoded without.
    lookup: bool = False


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How likely each token of `text` is after `prompt`."""

    prompt: tuple[Segment, ...]
    text: str


class Prefill(msgspec.Struct, frozen=True, kw_only=True):
    """Read `prompt` into the cache in idle time, because a later request will begin with it."""

    prompt: tuple[Segment, ...]


Request = Generate | Score | Prefill


class Piece(msgspec.Struct, frozen=True):
    """Some generated text: whole code points, from one or more tokens. Log-probabilities are natural logarithms."""

    text: str
    log_probability: float
    candidate: int = 0


class RankedWord(msgspec.Struct, frozen=True):
    """A probable next word, or the whole of the half-typed one, without white space.

    The natural logarithm of its probability, given what is typed, counts that the word ends there: "wasn" is none.
    """

    text: str
    log_probability: float


class RankedWords(msgspec.Struct, frozen=True):
    """The answer to `Generate.words`, most probable first. A word that is typed to its end is not among them."""

    words: tuple[RankedWord, ...]
    #: Whether the continuation begins with the first of them. Not if the typed word is more likely to be complete, or a
    #: mark to come.
    leading: bool = True


class TokenScore(msgspec.Struct, frozen=True):
    """One token of a scored text: its span in code points and the natural logarithm of its probability.

    `best` is what the model would have written there, and `best_log_probability` how likely that was.
    """

    start: int
    end: int
    log_probability: float
    best: str
    best_log_probability: float


class Scores(msgspec.Struct, frozen=True):
    """The answer to `Score`, in the order of the text, without gaps."""

    tokens: tuple[TokenScore, ...]


class StopReason(enum.StrEnum):
    END_OF_TEXT = "end of text"
    PATTERN = "end pattern"
    PARAGRAPH_END = "paragraph end"
    SUFFIX = "suffix begins"
    LOOP = "repetition"
    DOUBT = "unlikely first word"
    MAX_TOKENS = "max tokens"
    TIME = "time budget"
    DONE = "done"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    NOT_READY = "model not ready"
    FAILED = "failed"


class Finished(msgspec.Struct, frozen=True):
    """The last event of every job. Token counts are the job's own. `message` says why a job failed, for the writer."""

    #: Why the first candidate ended, if there are several.
    reason: StopReason
    message: str = ""
    #: Of each candidate. Empty where none was begun.
    reasons: tuple[StopReason, ...] = ()
    reused_tokens: int = 0
    prefilled_tokens: int = 0
    decoded_tokens: int = 0


Event = Piece | RankedWords | Scores | Finished


class Kind(enum.IntEnum):
    """What a job is for. A smaller value goes first; each kind has key-value caches of its own."""

    TYPING = 0
    CRITIQUE = 1
    REVISION = 2
    IDLE = 3


class JobKey(msgspec.Struct, frozen=True):
    """At most one job runs under a key: an equal request joins it, another one takes its place."""

    document: str
    kind: Kind


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What the loaded model can do."""

    name: str
    device: str
    chat: bool
    context_tokens: int
    #: Of its weights as they are installed: the one measure that every model has.
    megabytes: int = 0
    #: The languages in which it was measured to see what is wrong with a text, and may say so.
    note_languages: tuple[str, ...] = ()


class InstalledModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model on this computer, for a list to choose from."""

    name: str
    #: What `lspWriter.model` is to be for it: empty for the default model.
    setting: str
    megabytes: int
    precision: str
    #: It is the one that the server was started with.
    chosen: bool


class ModelState(enum.StrEnum):
    LOADING = "loading"
    READY = "ready"
    #: Let go of because nobody asked; the next request brings it back, and waits.
    RESTING = "resting"
    FAILED = "failed"
    CLOSED = "closed"


class ModelStatus(msgspec.Struct, frozen=True):
    """Where the model stands. `message` is for the writer, and empty when there is nothing to say."""

    state: ModelState
    message: str = ""
    capabilities: Capabilities | None = None
    #: It failed because the default model was not made yet.
    to_be_made: bool = False

    @classmethod
    def failed(cls, error: WriterError) -> ModelStatus:
        return cls(ModelState.FAILED, str(error), to_be_made=isinstance(error, ModelNotMade))

    @property
    def answers(self) -> bool:
        """Whether a request has an answer to come."""
        return self.state in (ModelState.READY, ModelState.RESTING)


class Work(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a model has done so far, to be subtracted from what it has done later."""

    #: What the finished steps took, and for how long the one at work has run.
    seconds: float = 0.0
    running_seconds: float = 0.0
    prefilled_tokens: int = 0
    #: Tokens a second at which it has read long prompts; 0 while it has read none.
    reading_speed: float = 0.0


class TextModel(Protocol):
    """A language model as features see it."""

    @property
    def status(self) -> ModelStatus: ...

    @property
    def work(self) -> Work: ...

    def watch(self, listener: Callable[[ModelStatus], None]) -> None:
        """Call `listener` at every change of status, on any thread."""
        ...

    def start(self) -> None:
        """Load in the background and return at once."""
        ...

    def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        """Events of one job, `Finished` last. Closing the generator (or cancelling the task that reads it) gives the
        job up; it stops within one decode step unless somebody else still reads it."""
        ...

    def close(self) -> None:
        """Stop every job and let the model go."""
        ...
