import * as vscode from 'vscode';

const SECTION = 'lspWriter';

/**
 * The settings that choose what runs on this machine. They are the ones that package.json declares with the scope
 * `machine`, because VS Code lets no workspace set those; the server takes them at its start and never again.
 */
export class MachineSettings {
  private readonly names: string[];

  constructor(extension: vscode.Extension<unknown>) {
    const declared: Record<string, { scope?: string }> = extension.packageJSON.contributes.configuration.properties;
    this.names = Object.keys(declared).filter((name) => declared[name]?.scope === 'machine');
  }

  get command(): [string, ...string[]] {
    const [program = 'lsp-writer', ...args] = vscode.workspace.getConfiguration(SECTION).get<string[]>('command', []);
    return [program, ...args];
  }

  /** What the user has set. Defaults are left out: they would come before the user's own configuration file. */
  get values(): Record<string, unknown> {
    const all = vscode.workspace.getConfiguration();
    const set = this.names.map((name) => [name.slice(SECTION.length + 1), all.inspect(name)?.globalValue]);
    return Object.fromEntries(set.filter(([, value]) => value !== undefined));
  }

  areAffectedBy(event: vscode.ConfigurationChangeEvent): boolean {
    return this.names.some((name) => event.affectsConfiguration(name));
  }
}
