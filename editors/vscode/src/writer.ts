import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import type { WriterClient } from './client';
import { installServer } from './install';
import { offer } from './offer';
import { Queue } from './queue';
import { ended } from './run';
import { findServer } from './server';
import { MachineSettings } from './settings';
import { StatusItem } from './status';

// So many crashes within so many minutes, and the server is left alone.
const CRASHES = 4;
const MINUTES = 3;

/** The server, as the commands see it: it can be started again, whatever became of it. */
export class Writer implements vscode.Disposable {
  readonly status = new StatusItem();
  readonly log = vscode.window.createOutputChannel('Writer', { log: true });
  readonly settings: MachineSettings;
  private client: WriterClient | undefined;
  private crashes: number[] = [];
  private readonly starts = new Queue();

  constructor(private readonly context: vscode.ExtensionContext) {
    this.settings = new MachineSettings(context.extension);
  }

  /** Starts are queued: a setting that arrives while one is under way must not leave two servers running. */
  restart(): Promise<void> {
    this.crashes = [];
    const ended = this.end(); // also of a start under way, which may hang
    return this.starts.run(() => ended.then(() => this.start()));
  }

  async stop(): Promise<void> {
    await this.end(); // a start under way, too
    await this.starts.run(() => this.end());
  }

  dispose(): void {
    this.status.dispose();
    this.log.dispose();
  }

  get running(): WriterClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** The client of a running server. After a failed start this tries once more, and says again what is missing. */
  async started(): Promise<WriterClient | undefined> {
    // A start may be under way, or two commands may come at once.
    if (!this.running) await this.starts.run(async () => this.running ?? this.start());
    return this.running;
  }

  /** What `command` of the server answers. */
  async ask<T>(command: string, ...args: object[]): Promise<T | null | undefined> {
    // The language client registers the commands of the server that runs.
    return (await this.started()) && vscode.commands.executeCommand<T | null>(command, ...args);
  }

  async install(): Promise<void> {
    try {
      // The server may be running from there, and none may be started meanwhile.
      await this.starts.run(async () => {
        await this.end();
        this.status.show({ state: 'loading', message: 'The server is being installed.' });
        await installServer(this.context.extensionPath, this.storage, this.log);
      });
    } catch (error) {
      this.status.show({ state: 'failed', message: words(error) });
      await this.help(`Writer: ${words(error)}`, {});
      return;
    }
    await this.restart();
  }

  /** In a terminal that stays: the doctor's own would close when it has ended, before anybody has read a word. */
  async doctor(): Promise<void> {
    const [program, ...args] = await findServer(this.settings.command, this.storage);
    if (!program) return this.missing();
    const said = new vscode.EventEmitter<string>();
    const closed = new AbortController();
    const open = () => {
      const doctor = spawn(program, [...args, 'doctor'], { cwd: this.context.extensionPath, signal: closed.signal });
      // It has said what is wrong.
      ended(doctor, (line) => said.fire(`${line}\r\n`)).catch(() => undefined);
    };
    const pty = { onDidWrite: said.event, open, close: () => closed.abort() };
    vscode.window.createTerminal({ name: 'Writer: Doctor', pty }).show();
  }

  private get storage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  private async start(): Promise<void> {
    await this.end();
    this.status.show({ state: 'loading' });
    const command = await findServer(this.settings.command, this.storage);
    if (command.length === 0) return this.missing();
    // The language client is large. Loaded here, it keeps no other extension waiting for the activation of this one.
    const { WriterClient } = await import('./client.js');
    const client = new WriterClient(command, this.context.extensionPath, this.settings, this.status, this.log);
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      if (this.client === client) this.failed(command, error);
      return;
    }
    client.onStopped(() => this.client === client && this.ended());
    this.compare(client);
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose();
  }

  /** The server has crashed. The first time it comes back at once, and later after a while. */
  private ended(): void {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < MINUTES * 60_000), now];
    const message = `The server ended by itself ${this.crashes.length} times.`;
    if (this.crashes.length >= CRASHES) {
      void this.end();
      this.status.show({ state: 'failed', message });
      void this.help(`Writer: ${message} Its log says why; “doctor” says what to do.`, {});
      return;
    }
    this.status.show({ state: 'loading', message: 'The server ended by itself, and is started again.' });
    const ended = this.client;
    const again = async () => {
      if (this.client === ended) await this.start();
    };
    setTimeout(() => this.starts.run(again), 1000 * (2 ** (this.crashes.length - 1) - 1));
  }

  private missing(): void {
    this.status.show({ state: 'failed', message: 'The server, lsp-writer, was not found.' });
    // Not awaited, here and below: a message stays until it is answered, and nothing must wait for that.
    void offer(vscode.window.showErrorMessage, 'Writer: its server, lsp-writer, was not found on this computer.', {
      Install: () => this.install(),
      'Choose Where It Is': () => openSetting('lspWriter.command'),
      'Try Again': () => this.restart(),
    });
  }

  private failed(command: string[], error: unknown): void {
    this.status.show({ state: 'failed', message: words(error) });
    const isSet = this.settings.command.length > 0;
    const message =
      isSet && words(error).includes('ENOENT')
        ? `Writer: “${command[0]}” was not found. The setting lspWriter.command says that the server is there.`
        : `Writer: “${command.join(' ')}” did not start (${words(error)}). Its log says why; “doctor” says what to do.`;
    const settings = { 'Open Settings': () => openSetting('lspWriter.command') };
    void this.help(message, isSet ? settings : { Install: () => this.install() });
  }

  private help(message: string, first: Record<string, () => unknown>): Promise<void> {
    return offer(vscode.window.showErrorMessage, message, {
      ...first,
      'Try Again': () => this.restart(),
      'Show Log': () => this.log.show(),
      Doctor: () => this.doctor(),
    });
  }

  /** A server of another version may answer otherwise than this client thinks. */
  private compare(client: WriterClient): void {
    const { version } = this.context.extension.packageJSON;
    const wanted = `lsp-writer ${version}`;
    const { serverInfo } = client.initializeResult ?? {};
    const found = serverInfo ? `${serverInfo.name} ${serverInfo.version}` : 'another program';
    if (found === wanted) return;
    const message = `Writer: the server “${client.command[0]}” is ${found}; ${wanted} is needed.`;
    void offer(vscode.window.showWarningMessage, message, {
      [`Install ${version}`]: () => this.install(),
      'Choose Where It Is': () => openSetting('lspWriter.command'),
    });
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function openSetting(name: string): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', name);
}
