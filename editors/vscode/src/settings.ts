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

  /** The command that the writer has set, program first; empty if they have not. VS Code lets text pass for a list. */
  get command(): string[] {
    return [vscode.workspace.getConfiguration(SECTION).get<string[] | string>('command', [])].flat().filter(Boolean);
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

  /** Those that a workspace tries to set all the same. VS Code passes over them without a word. */
  async triedByWorkspace(): Promise<string[]> {
    const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
    const files = workspaceFolders.map(({ uri }) => vscode.Uri.joinPath(uri, '.vscode', 'settings.json'));
    if (workspaceFile) files.push(workspaceFile);
    const read = async (file: vscode.Uri) => Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
    const texts = await Promise.all(files.map((file) => read(file).catch(() => '')));
    return this.names.filter((name) => texts.some((text) => text.includes(`"${name}"`)));
  }
}
