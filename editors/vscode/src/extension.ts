import * as vscode from 'vscode';
import { offer } from './offer';
import { tellOfOtherGhostText } from './otherGhostText';
import { showReport } from './report';
import { Writer } from './writer';

const REWRITE = 'lspWriter.rewrite.';

let writer: Writer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const own = (writer = new Writer(context));
  for (const [command, run] of Object.entries(commands(own, context)))
    context.subscriptions.push(vscode.commands.registerCommand(command, run));
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

/** The commands of the palette that are the server's, which is started for them, and what it calls them. */
const ORDERS: Record<string, string> = {
  'lspWriter.rewrite': 'lspWriter.chooseRevision',
  'lspWriter.askForRewrite': 'lspWriter.ask',
};
const DECISIONS: Record<string, string> = {
  'lspWriter.acceptRewrite': 'lspWriter.acceptRevision',
  'lspWriter.acceptSome': 'lspWriter.chooseHunks',
  'lspWriter.retryRewrite': 'lspWriter.retryRevision',
  'lspWriter.discardRewrite': 'lspWriter.discardRevision',
};

function commands(writer: Writer, context: vscode.ExtensionContext): Record<string, (uri?: vscode.Uri) => unknown> {
  const declared: { command: string }[] = context.extension.packageJSON.contributes.commands;
  const rewrites = declared.map(({ command }) => command).filter((command) => command.startsWith(REWRITE));
  const orders = Object.entries(ORDERS).map(([name, command]) => [name, () => order(writer, command)]);
  const revisions = rewrites.map((name) => {
    const revision = name.slice(REWRITE.length);
    return [name, () => order(writer, 'lspWriter.revise', { revision })];
  });
  const decisions = Object.entries(DECISIONS).map(([name, command]) => {
    const decide = (uri?: vscode.Uri) => {
      const meant = writer.running?.revisions.meant(uri); // it went with its server
      return meant && writer.ask(command, meant);
    };
    return [name, decide];
  });
  return {
    ...Object.fromEntries([...orders, ...revisions, ...decisions]),
    'lspWriter.nextVersion': (uri) => writer.running?.revisions.showNext(uri),
    'lspWriter.acceptSentence': () => writer.running?.ghostText.acceptSentence(),
    'lspWriter.reportOnDocument': () => report(writer, context, 'document'),
    'lspWriter.reportOnFolder': () => report(writer, context, 'folder'),
    'lspWriter.switchModel': () => switchModel(writer),
    'lspWriter.openSample': () => openSample(context),
    'lspWriter.menu': () => writer.status.menu(),
    'lspWriter.showLog': () => writer.log.show(),
    'lspWriter.install': () => writer.install(),
    'lspWriter.doctor': () => writer.doctor(),
    'lspWriter.restart': () => writer.restart(),
  };
}

/** Have the server do something with the selection, or with what is at the caret. */
async function order<T>(writer: Writer, command: string, more: object = {}): Promise<T | null | undefined> {
  const client = await writer.started();
  const editor = vscode.window.activeTextEditor;
  if (client && !editor) void offer('information', 'Writer: open a Markdown or plain-text document first.', {});
  if (!client || !editor) return undefined;
  const { code2ProtocolConverter: to } = client;
  const { document, selection } = editor;
  const place = { uri: to.asUri(document.uri), range: to.asRange(selection), version: document.version };
  return writer.ask<T>(command, { ...place, ...more });
}

async function report(writer: Writer, context: vscode.ExtensionContext, of: 'document' | 'folder'): Promise<void> {
  const made = await order<{ path: string }>(writer, 'lspWriter.report', { of, show: false });
  if (made) await showReport(made.path, context.subscriptions);
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
  await offer('warning', message, {
    'Open Your Settings': () => vscode.commands.executeCommand('workbench.action.openSettings', tried[0]),
  });
}
