"""What the server holds for the one client it serves."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from lsp_writer.errors import WriterError
from lsp_writer.features.critiques.margins import Margins, PageReader
from lsp_writer.features.revision.history import INSTRUCTIONS_FILE, Instructions
from lsp_writer.folders import data_folder
from lsp_writer.generation import InstalledModel, ModelState, ModelStatus, TextModel
from lsp_writer.server.client import Client
from lsp_writer.server.decisions import Decisions
from lsp_writer.server.diagnostic import tell_findings
from lsp_writer.server.documents import Documents
from lsp_writer.server.messages import Messages
from lsp_writer.server.model_making import ModelMaking
from lsp_writer.server.progress import Progress
from lsp_writer.server.proposals import Proposals
from lsp_writer.server.reports import Reports
from lsp_writer.server.revision_notification import tell_revision
from lsp_writer.server.rewrite_files import RewriteFiles
from lsp_writer.server.rewrites import Rewrites
from lsp_writer.server.status import StatusReporter
from lsp_writer.server.suggestion_grown import tell_grown
from lsp_writer.server.word_files import WordFiles
from lsp_writer.server.workspace_outlines import WorkspaceSymbols
from lsp_writer.settings import MachineSettings, Settings, read_machine_settings, user_settings_file

if TYPE_CHECKING:
    from lsp_writer.features.continuation import Continuation
    from lsp_writer.features.critiques.critic import Critic
    from lsp_writer.features.critiques.note import Notes
    from lsp_writer.features.critiques.silence import Silence
    from lsp_writer.features.critiques.wanted import Wishes
    from lsp_writer.features.critiques.word_lists import WordLists
    from lsp_writer.features.learning import Learner
    from lsp_writer.features.revision.library import Library
    from lsp_writer.prose.manuscript import Manuscript

MakeModel = Callable[[MachineSettings], TextModel]
ListModels = Callable[[MachineSettings], Sequence[InstalledModel]]

#: Imported while the model loads, so that no request waits for an import, and `initialize` least of all.
_FEATURES = ("continuation", "word_choice", "critiques.review", "revision.library", "revision.revise")


def no_models(_machine: MachineSettings) -> Sequence[InstalledModel]:
    """For a server whose model is not chosen."""
    return ()


class Session:
    """Handlers read and write it on the event loop only."""

    def __init__(
        self,
        server: LanguageServer,
        make_model: MakeModel,
        command_line: Mapping[str, object],
        reader: PageReader,
        list_models: ListModels = no_models,
    ) -> None:
        self.server = server
        self.client = Client()
        self.settings = Settings()
        self.documents = Documents(self.client.encoding)
        #: None until the model has begun to load; a request that comes before is answered with nothing.
        self.model: TextModel | None = None
        self.continuation: Continuation | None = None
        self.learner: Learner | None = None
        self.notes: Notes | None = None
        self.messages = Messages(server)
        self.progress = Progress(server)
        self.status = StatusReporter(server)
        self.proposals = Proposals(lambda proposal: tell_revision(self, proposal))
        self.rewrites = Rewrites(self)
        self.decisions = Decisions(self)
        self.margins = Margins(reader, lambda uri: tell_findings(self, uri))
        self.reports = Reports(self)
        self.model_making = ModelMaking(self)
        self.workspace_symbols = WorkspaceSymbols()
        self.instructions = Instructions(data_folder() / INSTRUCTIONS_FILE)
        #: The writer wants no suggestions but those asked for. Changed by `pause`.
        self.paused = False
        #: The documents whose ghost text the client was told to ask for again, and the version it was told of.
        self.grown: dict[str, int] = {}
        #: What the client set in initializationOptions under `lspWriter`.
        self.options: Mapping[str, object] = {}
        #: The client has asked for the end, and did not just go away.
        self.left_in_order = False
        self._rewrite_files = RewriteFiles(user_settings_file().parent)
        self._word_files = WordFiles(user_settings_file().parent)
        self._prepared: asyncio.Future[None] | None = None
        self._loads = False
        self._make_model = make_model
        self._list_models = list_models
        self._machine = MachineSettings()
        self._command_line = command_line

    @cached_property
    def critic(self) -> Critic:
        from lsp_writer.features.critiques.critic import Critic

        return Critic()

    def connect(self, client: Client, options: Mapping[str, object]) -> None:
        self.client = client
        self.options = options
        self.documents = Documents(client.encoding)

    async def load_model(self) -> None:
        """Make the model, once, and let it load. Failures are told to the writer; the server lives on without one."""
        if self._loads:
            return
        self._loads = True
        self.status.model_is("loading", "The model is being loaded.")
        try:
            model, problems = await asyncio.to_thread(self._prepare_model)
        except WriterError as error:
            self._model_changed(ModelStatus.failed(error))
            return
        except Exception:
            message = "The model could not be loaded by a fault of lsp-writer. The server's log says more."
            self._model_changed(ModelStatus(ModelState.FAILED, message))
            raise
        from lsp_writer.features.continuation import Continuation
        from lsp_writer.features.critiques.note import Notes
        from lsp_writer.features.habits import Habits

        for problem in problems:
            self.messages.show_once(problem)
        self.model = model
        self.notes = Notes(model)
        self.continuation = Continuation(
            model, Habits(self.learner), grown=lambda uri, version: tell_grown(self, uri, version)
        )
        self.continuation.may_learn(self.settings.ghost_text.learn)
        loop = asyncio.get_running_loop()

        def tell(status: ModelStatus) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the server is going away
                loop.call_soon_threadsafe(self._model_changed, status)

        model.watch(tell)
        model.start()

    async def load_model_again(self) -> None:
        """The model that could not be loaded is there now."""
        old, self.model, self._loads = self.model, None, False
        if old is not None:
            await asyncio.to_thread(old.close)
        await self.load_model()

    @property
    def decides_rewrites(self) -> bool:
        """Whether the client is to say what becomes of a finished rewrite."""
        return self.client.reviews_revisions and self.settings.rewrite.confirm

    @property
    def confirms_rewrites(self) -> bool:
        """Whether the editor shows the writer the changes of a rewrite to choose among."""
        by_itself = self.client.confirms_changes and not self.client.reviews_revisions
        return by_itself and self.settings.rewrite.confirm

    def installed_models(self) -> Sequence[InstalledModel]:
        """What is installed now, and which of it the writer had chosen when the server began. Reads files."""
        return self._list_models(self._machine)

    @property
    def megabytes(self) -> int | None:
        """The size of the model, once it is known."""
        capabilities = self.model.status.capabilities if self.model else None
        return capabilities.megabytes if capabilities else None

    def library(self) -> Library:
        """The rewrites on offer, with the writer's own and a trusted workspace's as their files are now."""
        wanted = self.client.trusted and self.settings.rewrite.workspace_files
        uris = self.workspace_uris() if wanted else []
        library, problems = self._rewrite_files.library(uris)
        for problem in problems:
            self.messages.show_once(problem)
        return library

    def wishes(self, manuscript: Manuscript) -> Wishes:
        """What the writer wants to hear of in `manuscript`, by its front matter and as their word lists are now."""
        from lsp_writer.features.critiques.wanted import Wishes
        from lsp_writer.features.file_settings import settings_for
        from lsp_writer.prose.front_matter import switches

        return Wishes(settings_for(self.settings, switches(manuscript)).critique, self.silence(manuscript.uri))

    def silence(self, uri: str) -> Silence:
        """What the word lists silence in the document at `uri`, as they are now."""
        silence, problems = self._word_files.silence(self.word_lists(uri))
        for problem in problems:
            self.messages.show_once(problem)
        return silence

    def word_lists(self, uri: str) -> WordLists:
        """The dictionaries, and the list of ignored findings, that hold for the document at `uri`."""
        return self._word_files.of(uri, self.workspace_uris())

    def workspace_uris(self) -> list[str]:
        """The folders that the writer has open."""
        workspace = self.server.workspace
        return list(workspace.folders) or ([workspace.root_uri] if workspace.root_uri else [])

    def pause(self, paused: bool) -> None:
        self.paused = paused
        self.status.pausing_is(paused)

    def close(self) -> None:
        """Stop what still runs. Safe to call more than once."""
        with contextlib.ExitStack() as last:  # whatever goes wrong before
            last.callback(self.margins.close)
            if self.learner is not None and self.settings.ghost_text.learn:
                last.callback(self.learner.close)
            if self.model is not None:
                last.callback(self.model.close)
            if self.notes is not None:
                last.callback(self.notes.stop)
            self.rewrites.stop_all()
            self.decisions.stop_all()
            self.reports.stop_all()
            self.model_making.stop()
            if self.continuation is not None:
                for manuscript in self.documents:
                    self.continuation.forget(manuscript)

    def _prepare_model(self) -> tuple[TextModel, list[str]]:
        self._machine, problems = read_machine_settings(self._command_line, self.options, user_settings_file())
        model = self._make_model(self._machine)
        for feature in _FEATURES:
            importlib.import_module(f"lsp_writer.features.{feature}")
        from lsp_writer.features.learning import CALIBRATION_FILE, Learner, read_calibration
        from lsp_writer.features.revision.library import shipped

        shipped()  # read once, and not while the writer waits for a menu
        learnt = data_folder() / CALIBRATION_FILE
        self.learner = Learner(learnt, read_calibration(learnt))
        return model, problems

    def _model_changed(self, status: ModelStatus) -> None:
        match status.state:
            case ModelState.LOADING:
                self.status.model_is("loading", status.message)
            case ModelState.READY:
                self.status.model_is("ready", status.message)
                if status.message:  # a fallback, which the writer should know of
                    self.messages.show_once(status.message)
                # Not before: it would hold up the load.
                self._prepared = asyncio.get_running_loop().run_in_executor(None, _prepare_features, self.critic)
                self.margins.begin()
            case ModelState.RESTING:
                self.status.model_is("ready", "The model rests until you write.")
            case ModelState.FAILED:
                self.status.model_is("failed", status.message)
                self.margins.begin()
                if status.to_be_made:
                    self.model_making.offer(status.message)
                else:
                    self.messages.show_once(status.message, types.MessageType.Error)


def _prepare_features(critic: Critic) -> None:
    from lsp_writer.features.critiques.review import prepare
    from lsp_writer.prose.language import language_of

    prepare(critic)
    language_of("The lamps burned low.")  # its patterns are read once, and not by the first rewrite
