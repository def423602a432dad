import * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient/node';
import type { WriterClient } from './client';

/** An entry of the server's catalogue (docs/protocol.md). */
interface Offer {
  id: string;
  title: string;
  group: string;
  asks: string;
  needsLargerModel: boolean;
}

/** The headings of the list, in the server's order. */
const GROUPS: Record<string, string> = {
  own: 'Your own',
  style: 'Style',
  craft: 'Craft',
  grammar: 'Grammar of narrative',
  invention: 'Invention',
};

/** Rewrites of the selection, or of what each takes at the caret. */
export class Rewrites {
  constructor(private readonly client: WriterClient) {}

  /** Order the rewrite `revision`. */
  async revise(editor: vscode.TextEditor, revision: string, answer = ''): Promise<void> {
    await this.run('lspWriter.revise', { ...this.place(editor), revision, answer });
  }

  /** Let the writer choose from the whole catalogue. */
  async choose(editor: vscode.TextEditor): Promise<void> {
    const offers = await this.run<Offer[]>('lspWriter.revisions');
    const options = { title: 'Rewrite', placeHolder: 'How?', matchOnDescription: true };
    const chosen = await vscode.window.showQuickPick(items(offers ?? []), options);
    if (!chosen?.offer) return;
    const { id, asks, title } = chosen.offer;
    const answer = asks ? await vscode.window.showInputBox({ title, prompt: asks }) : '';
    if (answer !== undefined) await this.revise(editor, id, answer);
  }

  /** Let the writer say what the passage is to become, or choose what they said before. */
  async ask(editor: vscode.TextEditor): Promise<void> {
    const before = await this.run<string[]>('lspWriter.instructions');
    const instruction = await typedOrChosen(before ?? []);
    if (instruction) await this.run('lspWriter.ask', { ...this.place(editor), instruction });
  }

  private place(editor: vscode.TextEditor) {
    return {
      uri: this.client.code2ProtocolConverter.asUri(editor.document.uri),
      range: this.client.code2ProtocolConverter.asRange(editor.selection),
    };
  }

  private run<T>(command: string, ...args: object[]): Promise<T | null> {
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  }
}

type OfferItem = vscode.QuickPickItem & { offer?: Offer };

/** The catalogue as a list with a heading over each group; what the installed model is too small for stands last. */
function items(offers: Offer[]): OfferItem[] {
  const headings = offers.map((offer) => heading(offer));
  return offers.flatMap((offer, number) => {
    const item = { label: offer.title, description: offer.id, offer };
    const label = headings[number] ?? '';
    const separator = { label, kind: vscode.QuickPickItemKind.Separator };
    return label === headings[number - 1] ? [item] : [separator, item];
  });
}

function heading(offer: Offer): string {
  return offer.needsLargerModel ? 'Needs a larger model' : (GROUPS[offer.group] ?? offer.group);
}

/** What the writer typed, or one of `before`. */
function typedOrChosen(before: string[]): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick();
  pick.title = 'Ask for a rewrite';
  pick.placeholder = 'In the voice of a tired nurse';
  const offer = () => {
    const typed = pick.value.trim();
    const others = before.filter((instruction) => instruction !== typed).map((label) => ({ label }));
    pick.items = typed ? [{ label: typed, alwaysShow: true }, ...others] : others;
  };
  offer();
  return new Promise((resolve) => {
    pick.onDidChangeValue(offer);
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.label);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
