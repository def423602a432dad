import * as vscode from 'vscode';

/** `lspWriter/status`: `message` is about the state, `reason` says why the last request was answered with nothing. */
export interface WriterStatus {
  state: 'loading' | 'ready' | 'paused' | 'busy' | 'failed';
  message?: string;
  reason?: string;
}

/** What the item shows in each state, and what a click on it does about suggestions. */
const LOOKS: Record<WriterStatus['state'], { icon: string; click?: 'pause' | 'resume' }> = {
  loading: { icon: 'loading~spin' },
  ready: { icon: 'edit', click: 'pause' },
  paused: { icon: 'debug-pause', click: 'resume' },
  busy: { icon: 'sync~spin', click: 'pause' },
  failed: { icon: 'error' },
};

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('lspWriter.status', vscode.StatusBarAlignment.Right);

  constructor() {
    this.item.name = 'Writer';
    this.item.show();
  }

  show({ state, message, reason }: WriterStatus): void {
    const { icon, click } = LOOKS[state];
    this.item.text = `$(${icon}) Writer`;
    this.item.command = click && `lspWriter.${click}`;
    const nothing = reason && `No suggestion: ${reason}.`;
    const offer = click && `Click to ${click} suggestions.`;
    this.item.tooltip = [`Writer is ${state}.`, message, nothing, offer].filter(Boolean).join(' ');
    // The palette offers one of the two as well.
    void vscode.commands.executeCommand('setContext', 'lspWriter.click', click);
  }

  dispose(): void {
    this.item.dispose();
  }
}
