import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';

/** A page that the server has written, in a tab: it has no script, and takes nothing from a network. */
export async function showReport(path: string, subscriptions: vscode.Disposable[]): Promise<void> {
  const page = await fs.readFile(path, 'utf8');
  const options = { enableScripts: false, enableFindWidget: true, localResourceRoots: [] };
  const panel = vscode.window.createWebviewPanel('lspWriter.report', 'Report', vscode.ViewColumn.Active, options);
  panel.webview.html = page;
  panel.title = /<title>(.*?)<\/title>/.exec(page)?.[1] ?? 'Report';
  subscriptions.push(panel);
}
