import * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient/node';
import { WriterClient } from './client';
import { Queue } from './queue';
import type { Rewrites } from './rewrites';
import { MachineSettings } from './settings';
import { StatusItem } from './status';

/** The palette's commands, and the revision that each asks the server for. */
const REVISIONS: Record<string, string> = {
  'lspWriter.rewriteNoir': 'noir',
  'lspWriter.expandScene': 'expand',
  'lspWriter.condense': 'condense',
  'lspWriter.showDontTell': 'show-dont-tell',
};

type Order = (rewrites: Rewrites, editor: vscode.TextEditor) => Promise<void>;

let writer: Writer | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  writer = new Writer(context.extension);
  context.subscriptions.push(
    writer.status,
    vscode.commands.registerCommand('lspWriter.restart', () => writer?.restart()),
    vscode.commands.registerCommand('lspWriter.rewrite', () =>
      writer?.rewrite((rewrites, editor) => rewrites.choose(editor)),
    ),
    vscode.commands.registerCommand('lspWriter.askForRewrite', () =>
      writer?.rewrite((rewrites, editor) => rewrites.ask(editor)),
    ),
    vscode.commands.registerCommand('lspWriter.reportOnDocument', () => writer?.report('document')),
    vscode.commands.registerCommand('lspWriter.reportOnFolder', () => writer?.report('folder')),
    vscode.commands.registerCommand('lspWriter.acceptSentence', () => writer?.acceptSentence()),
    // In a remote workbench the machine's settings can arrive after activation.
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (writer?.settings.areAffectedBy(event)) void writer.restart();
    }),
  );
  for (const [command, revision] of Object.entries(REVISIONS)) {
    const revise: Order = (rewrites, editor) => rewrites.revise(editor, revision);
    context.subscriptions.push(vscode.commands.registerCommand(command, () => writer?.rewrite(revise)));
  }
  await writer.restart();
}

export async function deactivate(): Promise<void> {
  await writer?.stop();
}

/** The server, as the commands see it: it can be started again, whatever became of it. */
class Writer {
  readonly status = new StatusItem();
  readonly settings: MachineSettings;
  private client: WriterClient | undefined;
  private readonly starts = new Queue();

  constructor(private readonly extension: vscode.Extension<unknown>) {
    this.settings = new MachineSettings(extension);
  }

  /** Starts are queued: a setting that arrives while one is under way must not leave two servers running. */
  restart(): Promise<void> {
    return this.starts.run(() => this.start());
  }

  async stop(): Promise<void> {
    await this.starts.idle();
    await this.client?.dispose();
  }

  async rewrite(order: Order): Promise<void> {
    // After a failed start this tries once more, and says again what is missing.
    if (!this.client?.isRunning()) await this.restart();
    const editor = vscode.window.activeTextEditor;
    if (this.client?.isRunning() && editor) await order(this.client.rewrites, editor);
  }

  async report(of: 'document' | 'folder'): Promise<void> {
    if (!this.client?.isRunning()) await this.restart();
    const editor = vscode.window.activeTextEditor;
    if (!this.client?.isRunning() || !editor) return;
    const uri = this.client.code2ProtocolConverter.asUri(editor.document.uri);
    await this.client.sendRequest(ExecuteCommandRequest.type, { command: 'lspWriter.report', arguments: [{ uri, of }] });
  }

  async acceptSentence(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor) await this.client?.ghostText.acceptSentence(editor);
  }

  private async start(): Promise<void> {
    // A server that does not stop in order is ended by force; the next one starts all the same.
    await this.client?.dispose().catch((error: unknown) => console.error(error));
    this.status.show({ state: 'loading' });
    this.client = new WriterClient(this.settings, this.extension.extensionPath, this.status);
    try {
      await this.client.start();
    } catch (error) {
      this.status.show({ state: 'failed', message: String(error) });
      // Not awaited: the message stays until it is answered, and activation must not wait for that.
      void this.offerHelp(this.client, String(error));
    }
  }

  private async offerHelp(failed: WriterClient, error: string): Promise<void> {
    const command = this.settings.command[0];
    const missing = error.includes('ENOENT');
    const message = missing
      ? `Writer: “${command}” was not found. Install lsp-writer, or set where its command is.`
      : `Writer: “${command}” did not start. Its log says why; “lsp-writer doctor” says what to do.`;
    const other = missing ? 'Open Settings' : 'Show Log';
    const choice = await vscode.window.showErrorMessage(message, 'Try Again', other);
    if (choice === 'Try Again') await this.restart();
    if (choice === 'Open Settings')
      await vscode.commands.executeCommand('workbench.action.openSettings', 'lspWriter.command');
    if (choice === 'Show Log') failed.outputChannel.show();
  }
}
