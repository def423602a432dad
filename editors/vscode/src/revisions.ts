import * as vscode from 'vscode';
import type { Range } from 'vscode-languageclient/node';

/** `lspWriter/revision` (docs/protocol.md). */
export interface Revision {
  id: string;
  range?: Range;
  title: string;
  state: 'running' | 'ready' | 'applying' | 'kept' | 'stopped' | 'applied' | 'discarded' | 'failed';
  original: string;
  alternatives: { text: string }[];
}

const SCHEME = 'lspwriter-revision';
const UNDECIDED = ['ready', 'kept', 'stopped'];
const OVER = ['applied', 'discarded', 'failed'];

/** Rewrites that wait for the writer: each is a diff of its passage beside the manuscript. The server asks about them. */
export class Revisions implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly revisions = new Map<string, Revision>();
  private readonly provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor() {
    // An extension host that was killed has left some.
    void close();
  }

  async told(revision: Revision): Promise<void> {
    const { id, state } = revision;
    const before = this.revisions.get(id)?.state;
    if (OVER.includes(state)) this.revisions.delete(id);
    else this.revisions.set(id, revision);
    this.count();
    // A passage that was changed, or changed back, is told of as well.
    if (this.isUndecided(id) && state !== before) await this.show(revision, 0);
    // It goes on, or was decided about while its diff was being opened.
    if (!this.isUndecided(id)) await close(id);
  }

  /** A path has the revision, which text of it, and a title: the passage as it was, or an alternative by its number. */
  provideTextDocumentContent({ path }: vscode.Uri): string {
    const [, id = '', which = ''] = path.split('/');
    const { original = '', alternatives = [], range } = this.revisions.get(id) ?? {};
    const text = alternatives[Number(which)]?.text;
    const isInsertion = range?.start.line === range?.end.line && range?.start.character === range?.end.character;
    return text === undefined ? original : isInsertion ? original + text : text;
  }

  async showNext(uri?: vscode.Uri): Promise<void> {
    const { id, alternative } = this.meant(uri);
    const revision = this.revisions.get(id);
    if (revision) await this.show(revision, (alternative + 1) % revision.alternatives.length);
  }

  /** What is in the diff at `uri` or, from the palette, in the one that is showing; or else the newest. */
  meant(uri = diffs()[0]?.uri): { id: string; alternative: number } {
    const [, id = [...this.revisions.keys()].at(-1) ?? '', alternative = '0'] = uri?.path.split('/') ?? [];
    return { id, alternative: Number(alternative) };
  }

  dispose(): void {
    this.revisions.clear();
    void close();
    this.count();
    this.provider.dispose();
  }

  /** Beside the manuscript, where the writer may be typing on. */
  private async show({ id, title, alternatives }: Revision, alternative: number): Promise<void> {
    const count = alternatives.length;
    const heading = count > 1 ? `${title} (${alternative + 1} of ${count})` : title;
    // By its end the title bar knows whether there are several.
    const address = (which: string | number) =>
      vscode.Uri.from({ scheme: SCHEME, path: `/${id}/${which}/${heading.replaceAll('/', ' ')}.md` });
    const viewColumn = diffs()[0]?.tab.group.viewColumn ?? vscode.ViewColumn.Beside;
    const options = { preview: true, preserveFocus: true, viewColumn };
    await vscode.commands.executeCommand('vscode.diff', address('before'), address(alternative), heading, options);
  }

  private isUndecided(id: string): boolean {
    return UNDECIDED.includes(this.revisions.get(id)?.state ?? '');
  }

  private count(): void {
    const isUndecided = [...this.revisions.keys()].some((id) => this.isUndecided(id));
    void vscode.commands.executeCommand('setContext', 'lspWriter.undecided', isUndecided);
  }
}

/** Close the diff of one rewrite, or of all. */
async function close(id?: string): Promise<void> {
  const its = diffs().filter(({ uri }) => id === undefined || uri.path.split('/')[1] === id);
  await vscode.window.tabGroups.close(its.map(({ tab }) => tab));
}

/** The diffs of rewrites, those in front first. */
function diffs(): { tab: vscode.Tab; uri: vscode.Uri }[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs
    .sort((one, other) => Number(other.isActive) - Number(one.isActive))
    .flatMap((tab) => {
      const uri = tab.input instanceof vscode.TabInputTextDiff ? tab.input.modified : undefined;
      return uri?.scheme === SCHEME ? [{ tab, uri }] : [];
    });
}
