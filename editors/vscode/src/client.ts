import * as vscode from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/node';
import { GhostText, Grown } from './ghostText';
import { ProgressNotifications } from './progress';
import { Rewrites } from './rewrites';
import { MachineSettings } from './settings';
import { StatusItem, WriterStatus } from './status';

// Files and unsaved drafts only: a commit message or a chat box is no manuscript.
const MANUSCRIPTS = ['file', 'untitled'].flatMap((scheme) =>
  ['markdown', 'plaintext'].map((language) => ({ scheme, language })),
);

/** One run of the server. After a failed start or `dispose`, make a new one. */
export class WriterClient extends LanguageClient {
  private readonly progress = new ProgressNotifications(this);
  readonly ghostText = new GhostText(MANUSCRIPTS);
  readonly rewrites = new Rewrites(this);

  constructor(settings: MachineSettings, folder: string, status: StatusItem) {
    // The extension's own folder, not the workspace: Windows looks for programs in the current folder first, and a
    // manuscript's folder must not choose what is run.
    const [command, ...args] = settings.command;
    const server = { command, args, options: { cwd: folder } };
    super('lspWriter', 'Writer', server, {
      documentSelector: MANUSCRIPTS,
      initializationOptions: { lspWriter: { ...settings.values, refreshes: true } },
      synchronize: { configurationSection: 'lspWriter' },
      middleware: {
        handleWorkDoneProgress: (token, value, next) => this.progress.handle(token, value, next),
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
  }

  override dispose(timeout?: number): Promise<void> {
    this.ghostText.dispose();
    return super.dispose(timeout);
  }

  /** A start that fails is announced by whoever called `start`, in words for the writer; here it is only logged. */
  override error(message: string, data?: unknown, showNotification: boolean | 'force' = true): void {
    const starting = this.state === State.Starting || this.state === State.StartFailed;
    super.error(message, data, starting ? false : showNotification);
  }
}
