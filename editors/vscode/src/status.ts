import * as vscode from 'vscode';

/** `lspWriter/status`: `message` is about the state, `reason` says why the last request was answered with nothing. */
export interface WriterStatus {
  state: 'loading' | 'ready' | 'paused' | 'busy' | 'failed';
  message?: string;
  reason?: string;
}

const ICONS: Record<WriterStatus['state'], string> = {
  loading: 'loading~spin',
  ready: 'edit',
  paused: 'debug-pause',
  busy: 'sync~spin',
  failed: 'error',
};

const MODE = 'lspWriter.ghostText.mode';
type MenuRow = [label: string, command: string, ...more: string[]];
const MENU: MenuRow[] = [
  ['$(settings-gear) When ghost text appears …', 'workbench.action.openSettings', MODE],
  ['$(server-process) Model …', 'lspWriter.switchModel'],
  ['$(wand) Rewrite …', 'lspWriter.rewrite'],
  ['$(graph) Report on this document', 'lspWriter.reportOnDocument'],
  ['$(refresh) Restart', 'lspWriter.restart'],
  ['$(pulse) Doctor', 'lspWriter.doctor'],
  ['$(output) Log', 'lspWriter.showLog'],
  ['$(settings) All settings', 'workbench.action.openSettings', '@ext:lsp-writer.lsp-writer'],
];
const PAUSE: MenuRow = ['$(debug-pause) Pause suggestions', 'lspWriter.pause'];
const RESUME: MenuRow = ['$(play) Resume suggestions', 'lspWriter.resume'];
/** What stands above the rest. */
const SWITCHES: Partial<Record<WriterStatus['state'], MenuRow>> = { ready: PAUSE, busy: PAUSE, paused: RESUME };

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('lspWriter.status', vscode.StatusBarAlignment.Right);
  private told: WriterStatus = { state: 'loading' };
  private opened = new vscode.CancellationTokenSource();
  /** What else the writer should know, until the window is closed. */
  remark = '';

  constructor() {
    this.item.name = 'Writer';
    this.item.command = 'lspWriter.menu';
    this.item.show();
  }

  show(status: WriterStatus): void {
    // The menu would offer what a server that has gone cannot do.
    if (SWITCHES[status.state] !== SWITCHES[this.told.state]) this.opened.cancel();
    this.told = status;
    this.item.text = `$(${ICONS[status.state]}) Writer`;
    this.item.tooltip = `${this.words()} Click for more.`;
    this.item.accessibilityInformation = { label: this.item.tooltip, role: 'button' };
    const failed = new vscode.ThemeColor('statusBarItem.errorBackground');
    this.item.backgroundColor = status.state === 'failed' ? failed : undefined;
    // The palette offers one of the two as well.
    void vscode.commands.executeCommand('setContext', 'lspWriter.click', SWITCHES[status.state]?.[1]);
  }

  async menu(): Promise<void> {
    const first = SWITCHES[this.told.state];
    const items = (first ? [first, ...MENU] : MENU).map(([label, ...command]) => ({ label, command }));
    this.opened = new vscode.CancellationTokenSource();
    const options = { title: 'Writer', placeHolder: this.words() };
    const chosen = await vscode.window.showQuickPick(items, options, this.opened.token);
    if (chosen) await vscode.commands.executeCommand(...chosen.command);
  }

  dispose(): void {
    this.item.dispose();
  }

  private words(): string {
    const { state, message, reason } = this.told;
    const is = state === 'failed' ? 'has failed' : `is ${state}`;
    return [`Writer ${is}.`, message, reason && `No suggestion: ${reason}.`, this.remark].filter(Boolean).join(' ');
  }
}
