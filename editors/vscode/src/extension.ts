import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { MANUSCRIPTS } from './manuscripts';
import { offer } from './offer';
import { tellOfOtherGhostText } from './otherGhostText';
import { Writer } from './writer';

/** The commands of the palette that are about a rewrite which waits, and what the server calls them. */
const DECISIONS = {
  'lspWriter.acceptRewrite': 'lspWriter.acceptRevision',
  'lspWriter.acceptSome': 'lspWriter.chooseHunks',
  'lspWriter.retryRewrite': 'lspWriter.retryRevision',
  'lspWriter.discardRewrite': 'lspWriter.discardRevision',
};
/** A rewrite of the catalogue is a command that begins so. */
const REWRITE = 'lspWriter.rewrite.';

let writer: Writer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const own = (writer = new Writer(context));
  registerCommands(own, context);
  context.subscriptions.push(
    own,
    // In a remote workbench the machine's settings can arrive after activation.
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (own.settings.areAffectedBy(event)) void own.restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => own.restart()),
  );
  own.status.remark = tellOfOtherGhostText(context.globalState);
  void tellOfWorkspace(own);
  // Not awaited: the window opens meanwhile.
  void own.restart();
}

export async function deactivate(): Promise<void> {
  await writer?.stop();
}

function registerCommands(writer: Writer, context: vscode.ExtensionContext): void {
  const on = (command: string, run: (uri?: vscode.Uri) => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(command, run));
  const declared: { command: string }[] = context.extension.packageJSON.contributes.commands;
  for (const { command } of declared.filter(({ command }) => command.startsWith(REWRITE)))
    on(command, () => order(writer, 'lspWriter.revise', { revision: command.slice(REWRITE.length) }));
  for (const [command, decision] of Object.entries(DECISIONS))
    on(command, (uri) => {
      const meant = writer.running?.revisions.meant(uri); // it went with its server
      return meant && writer.ask(decision, meant);
    });
  on('lspWriter.rewrite', () => order(writer, 'lspWriter.chooseRevision'));
  on('lspWriter.askForRewrite', () => order(writer, 'lspWriter.ask'));
  on('lspWriter.nextVersion', (uri) => writer.running?.revisions.showNext(uri));
  on('lspWriter.acceptSentence', () => writer.running?.ghostText.acceptSentence());
  on('lspWriter.reportOnDocument', () => report(writer, 'document'));
  on('lspWriter.reportOnFolder', () => report(writer, 'folder'));
  on('lspWriter.switchModel', () => switchModel(writer));
  on('lspWriter.openSample', () => openSample(context));
  on('lspWriter.menu', () => writer.status.menu());
  on('lspWriter.showLog', () => writer.log.show());
  on('lspWriter.install', () => writer.install());
  on('lspWriter.doctor', () => writer.doctor());
  on('lspWriter.restart', () => writer.restart());
}

/** Have the server do something with the selection, or with what is at the caret. */
async function order<T>(writer: Writer, command: string, more: object = {}): Promise<T | null | undefined> {
  const client = await writer.started();
  const editor = vscode.window.activeTextEditor;
  if (!client) return undefined;
  if (!editor || !vscode.languages.match(MANUSCRIPTS, editor.document)) {
    void vscode.window.showInformationMessage('Writer: open a Markdown or plain-text document first.');
    return undefined;
  }
  if (command !== 'lspWriter.report' && isReadOnly(editor.document)) {
    void vscode.window.showInformationMessage('Writer: this document is read-only, by files.readonlyInclude.');
    return undefined;
  }
  const { code2ProtocolConverter: to } = client;
  const { document, selection } = editor;
  const place = { uri: to.asUri(document.uri), range: to.asRange(selection), version: document.version };
  return writer.ask<T>(command, { ...place, ...more });
}

/** The palette offers no rewrite for such a document, but the status menu does. VS Code tells extensions only what is set. */
function isReadOnly(document: vscode.TextDocument): boolean {
  const files = vscode.workspace.getConfiguration('files', document);
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const fits = (setting: string) => {
    const globs = Object.entries(files.get<Record<string, boolean>>(setting, {})).filter(([, isOn]) => isOn);
    const patterns = globs.map(([glob]) => ({ pattern: folder ? new vscode.RelativePattern(folder, glob) : glob }));
    return vscode.languages.match(patterns, document) > 0;
  };
  return fits('readonlyInclude') && !fits('readonlyExclude');
}

/** A page that the server writes, in a tab: it has no script, and takes nothing from a network. */
async function report(writer: Writer, of: 'document' | 'folder'): Promise<void> {
  const made = await order<{ path: string; title: string }>(writer, 'lspWriter.report', { of, show: false });
  if (!made) return;
  const options = { enableScripts: false, enableFindWidget: true, localResourceRoots: [] };
  const title = `${made.title}: report`;
  const panel = vscode.window.createWebviewPanel('lspWriter.report', title, vscode.ViewColumn.Active, options);
  panel.webview.html = await fs.readFile(made.path, 'utf8');
}

async function switchModel(writer: Writer): Promise<void> {
  const model = await writer.ask<string>('lspWriter.chooseModel');
  if (typeof model === 'string') await vscode.workspace.getConfiguration().update('lspWriter.model', model, true);
}

/** A story to try things in, which nobody has to save. */
async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const file = vscode.Uri.joinPath(context.extensionUri, 'walkthrough', 'story.md');
  const content = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  const end = document.positionAt(content.length);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) });
}

async function tellOfWorkspace({ settings }: Writer): Promise<void> {
  const tried = await settings.triedByWorkspace();
  if (tried.length === 0) return;
  const message = `Writer: this folder sets ${tried.join(', ')}. What runs on your computer only you choose, so that was ignored.`;
  await offer(vscode.window.showWarningMessage, message, {
    'Open Your Settings': () => vscode.commands.executeCommand('workbench.action.openSettings', tried[0]),
  });
}
