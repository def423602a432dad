import * as vscode from 'vscode';

/** `lspWriter/status`: `message` is about the state, `reason` says why the last request was answered with nothing. */
export interface WriterStatus {
  state: 'loading' | 'ready' | 'busy' | 'failed';
  message?: string;
  reason?: string;
}

const ICONS: Record<WriterStatus['state'], string> = {
  loading: '$(loading~spin)',
  ready: '$(edit)',
  busy: '$(sync~spin)',
  failed: '$(error)',
};

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('lspWriter.status', vscode.StatusBarAlignment.Right);

  constructor() {
    this.item.name = 'Writer';
    this.item.show();
  }

  show({ state, message, reason }: WriterStatus): void {
    this.item.text = `${ICONS[state]} Writer`;
    const nothing = reason && `No suggestion: ${reason}.`;
    this.item.tooltip = [`Writer is ${state}.`, message, nothing].filter(Boolean).join(' ');
  }

  dispose(): void {
    this.item.dispose();
  }
}
