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
    if (value.kind === 'begin') {
      if (value.cancellable) void this.open(token, value.title);
      else next(token, value);
      return;
    }
    this.updates.get(token)?.(value);
    // The client's own display forgets the token at the end, whether or not it showed anything.
    next(token, value);
  }

  private async open(token: ProgressToken, title: string): Promise<void> {
    // Updates that arrive before the notification is on the screen have nowhere to go yet; the end must not be missed.
    let report: (update: WorkDoneProgressReport) => void = () => undefined;
    const subscriptions: vscode.Disposable[] = [];
    const ended = new Promise<void>((resolve) => {
      this.updates.set(token, (update) => (update.kind === 'end' ? resolve() : report(update)));
      // A server that dies never sends the end.
      subscriptions.push(this.client.onDidChangeState(({ newState }) => newState !== State.Running && resolve()));
    });
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    await vscode.window.withProgress(options, (progress, cancelled) => {
      report = ({ message }) => progress.report(message === undefined ? {} : { message });
      subscriptions.push(
        cancelled.onCancellationRequested(() =>
          this.client.sendNotification(WorkDoneProgressCancelNotification.type, { token }),
        ),
      );
      return ended;
    });
    this.updates.delete(token);
    subscriptions.forEach((subscription) => subscription.dispose());
  }
}
