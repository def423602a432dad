import * as vscode from 'vscode';

const SHOWN = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
};

/** Show `message` with a button for each of `mends`, and do what the writer chooses. */
export async function offer(
  kind: keyof typeof SHOWN,
  message: string,
  mends: Record<string, () => unknown>,
): Promise<void> {
  const choice = await SHOWN[kind](message, ...Object.keys(mends));
  if (choice !== undefined) await mends[choice]?.();
}
