import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, MessageTransports, State } from 'vscode-languageclient/node';
import { choose, Question } from './choose';
import { GhostText, Grown } from './ghostText';
import { MANUSCRIPTS } from './manuscripts';
import { progressNotifications } from './progress';
import { Revision, Revisions } from './revisions';
import { inTime } from './server';
import { MachineSettings } from './settings';
import { StatusItem, WriterStatus } from './status';

// On a slow disk the first start takes some ten seconds.
const SECONDS_TO_START = 60;
const SECONDS_TO_STOP = 2;

/** One run of the server. When it has ended, make a new one. */
export class WriterClient extends LanguageClient {
  private readonly progress = progressNotifications(this);
  readonly ghostText = new GhostText();
  readonly revisions = new Revisions();
  /** The language client forgets it when it has closed its pipes, though it may still be there. */
  private process: ChildProcess | undefined;
  private lastLine = '';
  private closed: Promise<unknown> = Promise.resolve();
  private talksRubbish: (fault: Error) => void = () => undefined;

  /** `command` runs in `folder`; `log` outlives the client. */
  constructor(
    readonly command: string[],
    folder: string,
    settings: MachineSettings,
    status: StatusItem,
    log: vscode.LogOutputChannel,
  ) {
    // The extension's own folder, not the workspace: Windows looks for programs in the current folder first, and a
    // manuscript's folder must not choose what is run.
    const [program = '', ...args] = command;
    const server = { command: program, args, options: { cwd: folder } };
    const told = { revisions: true, chooses: true, refreshes: true, trusted: vscode.workspace.isTrusted };
    super('lspWriter', 'Writer', server, {
      documentSelector: MANUSCRIPTS,
      initializationOptions: { lspWriter: { ...settings.values, ...told } },
      outputChannel: log,
      synchronize: { configurationSection: 'lspWriter' },
      // Whoever made this client starts the next one, and says what is wrong.
      errorHandler: {
        error: () => {
          const action = this.isRunning() ? ErrorAction.Continue : ErrorAction.Shutdown;
          // Where something else was printed among its answers, none of those after it is understood.
          if (this.isRunning()) this.process?.kill('SIGKILL');
          return { action, handled: true };
        },
        closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
      },
      initializationFailedHandler: () => false,
      middleware: {
        handleWorkDoneProgress: (token, value, next) => this.progress(token, value, next),
        provideInlineCompletionItems: (document, position, context, token, next) =>
          this.ghostText.provide(document, () => next(document, position, context, token)),
        executeCommand: async (command, args, next) => {
          if (command === 'lspWriter.pause') await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
          return next(command, args);
        },
      },
    });
    this.onNotification('lspWriter/status', (value: WriterStatus) => status.show(value));
    this.onNotification('lspWriter/suggestionGrown', (value: Grown) => this.ghostText.refresh(value));
    this.onRequest('lspWriter/choose', (question: Question) => choose(question, (close) => this.onStopped(close)));
    this.onNotification('lspWriter/revision', (value: Revision) => this.revisions.told(value));
  }

  /** Rejects if the server does not start, or not in time; it is gone then. */
  override async start(): Promise<void> {
    const rubbish = new Promise<never>((_, reject) => (this.talksRubbish = reject));
    // A program that ends tells why in its last line; the language client only knows that nobody answers any more.
    const started = super.start().catch(async (error) => {
      await inTime(this.closed, SECONDS_TO_STOP).catch(() => undefined);
      throw this.lastLine ? new Error(this.lastLine) : error;
    });
    try {
      await inTime(Promise.race([started, rubbish]), SECONDS_TO_START);
    } catch (error) {
      this.process?.kill('SIGKILL');
      throw error;
    }
  }

  onStopped(ended: () => unknown): void {
    this.onDidChangeState(({ newState }) => newState === State.Stopped && ended());
  }

  protected override async createMessageTransports(encoding: string): Promise<MessageTransports> {
    const transports = await super.createMessageTransports(encoding);
    this.process = this.serverProcess;
    this.closed = new Promise((resolve) => this.process?.once('close', resolve));
    this.process?.stderr?.on(
      'data',
      (text) => (this.lastLine = String(text).trim().split('\n').pop() || this.lastLine),
    );
    // The language client would wait for the end of a header that never comes.
    this.process?.stdout?.once('data', (text) => {
      if (!/^content-/i.test(String(text)))
        this.talksRubbish(new Error('it is no language server, or prints a greeting'));
    });
    return transports;
  }

  override async dispose(): Promise<void> {
    this.ghostText.dispose();
    this.revisions.dispose();
    // A server that does not stop in order is ended by force; the next one starts all the same.
    await super.dispose(SECONDS_TO_STOP * 1000).catch(() => this.process?.kill('SIGKILL'));
  }

  /**
   * Only logged: the server says what it cannot do, and whoever called `start` why there is none. A request that is under
   * way when the server dies is no news to the writer.
   */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
