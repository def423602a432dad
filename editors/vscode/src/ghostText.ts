import * as vscode from 'vscode';
import { MANUSCRIPTS } from './manuscripts';
import { firstSentence } from './sentence';

/** `lspWriter/suggestionGrown`: the ghost text that was answered for this version has become longer. */
export interface Grown {
  uri: string;
  version: number;
}

type Answer = vscode.InlineCompletionItem[] | vscode.InlineCompletionList | null | undefined;

/** What VS Code does not do about ghost text by itself. */
export class GhostText implements vscode.Disposable {
  private offered: vscode.InlineCompletionItem[] = [];
  private idle: vscode.Disposable | undefined;

  /** Ask the server, but never while something is selected: VS Code would ask all the same. */
  async provide(document: vscode.TextDocument, ask: () => vscode.ProviderResult<Answer>): Promise<Answer> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document === document && editor.selections.some((selection) => !selection.isEmpty)) return null;
    const answer = await ask();
    this.offered = Array.isArray(answer) ? answer : (answer?.items ?? []);
    return answer;
  }

  /**
   * Show more of what is showing, and nothing where the writer has dismissed it. VS Code keeps a suggestion at the top
   * of its list when it asks again for the same text, so the longer one is the next; asking for that asks the server.
   */
  async refresh({ uri, version }: Grown): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.toString() !== vscode.Uri.parse(uri).toString() || document.version !== version) return;
    await vscode.commands.executeCommand('editor.action.inlineSuggest.showNext');
    // The writer's own wish for the next one must reach the server, too. VS Code asks once for each set of providers.
    this.idle?.dispose();
    const nothing = { provideInlineCompletionItems: () => null };
    this.idle = vscode.languages.registerInlineCompletionItemProvider(MANUSCRIPTS, nothing);
  }

  dispose(): void {
    this.idle?.dispose();
  }

  /**
   * Take what is showing to the end of its first sentence, as one step of the undo history. Which of several
   * suggestions is showing only VS Code knows, so it takes one word, and that word tells.
   */
  async acceptSentence(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const { document } = editor;
    const offered = this.offered;
    const start = editor.selection.active;
    await vscode.commands.executeCommand('editor.action.inlineSuggest.acceptNextWord');
    const end = editor.selection.active;
    const taken = document.getText(new vscode.Range(start, end));
    if (!taken) return;
    for (const { range, insertText } of offered) {
      const typed = range ? document.getText(new vscode.Range(range.start, start)) : '';
      if (typeof insertText !== 'string' || !insertText.startsWith(typed + taken)) continue;
      const rest = firstSentence(insertText.slice(typed.length)).slice(taken.length);
      await editor.edit((edit) => edit.insert(end, rest), { undoStopBefore: false, undoStopAfter: true });
      return;
    }
  }
}
