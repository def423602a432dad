import * as vscode from 'vscode';
import {
  LanguageClient,
  Middleware,
  ProgressToken,
  State,
  WorkDoneProgressCancelNotification,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';

/**
 * Shows work that can be cancelled as a notification with a Cancel button. The language client's own display is an
 * item of the status bar that nobody can cancel; it serves for the rest.
 */
export function progressNotifications(client: LanguageClient): NonNullable<Middleware['handleWorkDoneProgress']> {
  const updates = new Map<ProgressToken, (update: WorkDoneProgressReport | WorkDoneProgressEnd) => void>();
  return (token, value, next) => {
    if (value.kind !== 'begin') updates.get(token)?.(value);
    // The client's own display forgets the token at the end, whether or not it showed anything.
    if (value.kind !== 'begin' || !value.cancellable) return next(token, value);
    const options = { location: vscode.ProgressLocation.Notification, title: value.title, cancellable: true };
    void vscode.window.withProgress(options, (progress, cancelled) => {
      cancelled.onCancellationRequested(() =>
        client.sendNotification(WorkDoneProgressCancelNotification.type, { token }),
      );
      return new Promise<void>((resolve) => {
        updates.set(token, (update) => (update.kind === 'end' ? resolve() : progress.report(update)));
        // A server that dies never sends the end.
        client.onDidChangeState(({ newState }) => newState !== State.Running && resolve());
      });
    });
  };
}
