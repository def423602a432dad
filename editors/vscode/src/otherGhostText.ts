import * as vscode from 'vscode';
import { offer } from './offer';

const OTHERS = [
  'GitHub.copilot',
  'GitHub.copilot-chat',
  'Codeium.codeium',
  'TabNine.tabnine-vscode',
  'Continue.continue',
  'Supermaven.supermaven',
  'sourcegraph.cody-ai',
  'Google.geminicodeassist',
];
const TOLD = 'toldOfOtherGhostText';

/** Which suggestion shows where two are made is chance: say so, once. Answers what is to be said in the status. */
export function tellOfOtherGhostText(memory: vscode.Memento): string {
  const other = OTHERS.filter((id) => suggestsInProse(id)).map((id) => vscode.extensions.getExtension(id));
  const name: string | undefined = other.find(Boolean)?.packageJSON.displayName;
  if (name === undefined) return '';
  const remark = `${name} may suggest in prose, too, and hide Writer’s ghost text.`;
  if (!memory.get(TOLD)) {
    const show = () => vscode.commands.executeCommand('workbench.extensions.search', `@installed ${name}`);
    void offer(vscode.window.showInformationMessage, `Writer: ${remark}`, { [`Show ${name}`]: show });
  }
  void memory.update(TOLD, true);
  return remark;
}

/** Copilot has a switch for each language, and is off in prose by default. */
function suggestsInProse(id: string): boolean {
  if (!id.startsWith('GitHub.')) return true;
  const enabled = vscode.workspace.getConfiguration().get<Record<string, boolean>>('github.copilot.enable', {});
  return ['markdown', 'plaintext'].some((language) => enabled[language] ?? enabled['*'] ?? true);
}
