import * as vscode from 'vscode';
import {
  HandleWorkDoneProgressSignature,
  LanguageClient,
  ProgressToken,
  State,
  WorkDoneProgressBegin,
  WorkDoneProgressCancelNotification,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';

type Update = WorkDoneProgressReport | WorkDoneProgressEnd;

/**
 * Shows work that can be cancelled as a notification with a Cancel button. The language client's own display is an
 * item of the status bar that nobody can cancel; it serves for the rest.
 */
export class ProgressNotifications {
  private readonly updates = new Map<ProgressToken, (update: Update) => void>();

  constructor(private readonly client: LanguageClient) {}

  handle(token: ProgressToken, value: WorkDoneProgressBegin | Update, next: HandleWorkDoneProgressSignature): void {
    if (value.kind === 'begin' && value.cancellable) return this.open(token, value.title);
    if (value.kind !== 'begin') this.updates.get(token)?.(value);
    // The client's own display forgets the token at the end, whether or not it showed anything.
    next(token, value);
  }

  private open(token: ProgressToken, title: string): void {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (progress, cancelled) => {
      cancelled.onCancellationRequested(() =>
        this.client.sendNotification(WorkDoneProgressCancelNotification.type, { token }),
      );
      return new Promise<void>((resolve) => {
        this.updates.set(token, (update) => (update.kind === 'end' ? resolve() : progress.report(update)));
        // A server that dies never sends the end.
        this.client.onDidChangeState(({ newState }) => newState !== State.Running && resolve());
      });
    });
  }
}
