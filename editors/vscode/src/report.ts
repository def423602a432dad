import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';

const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', '#34': '"', '#39': "'" };

/** A page that the server has written, in a tab: it has no script, and takes nothing from a network. */
export async function showReport(path: string, subscriptions: vscode.Disposable[]): Promise<void> {
  const page = await fs.readFile(path, 'utf8');
  const options = { enableScripts: false, enableFindWidget: true, localResourceRoots: [] };
  const panel = vscode.window.createWebviewPanel('lspWriter.report', 'Report', vscode.ViewColumn.Active, options);
  panel.webview.html = page;
  const title = /<title>(.*?)<\/title>/.exec(page)?.[1] ?? 'Report';
  panel.title = title.replace(/&(amp|lt|gt|#34|#39);/g, (_, name: string) => CHARACTERS[name] ?? '');
  subscriptions.push(panel);
}
