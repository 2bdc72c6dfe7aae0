// Starts the server and leaves the rest to it. VS Code loads extensions as CommonJS; build.js makes that of this file.
import { window, workspace } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

const NAME = 'calico-admission';
const KEYS = ['config', 'each', 'strict', 'exclude', 'networkingCalico', 'calicoVersion', 'kopsVersion'];

/** @type {LanguageClient | undefined} */
let client;

/** @param {import('vscode').ExtensionContext} context */
export async function activate(context) {
  context.subscriptions.push(
    workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration(NAME)) await restart(context);
    }),
  );
  await restart(context);
}

export async function deactivate() {
  await client?.stop();
}

/** @param {import('vscode').ExtensionContext} context */
async function restart(context) {
  await client?.stop();
  client = new LanguageClient(NAME, NAME, serverOptions(context), {
    documentSelector: ['file', 'untitled'].flatMap((scheme) =>
      ['yaml', 'json', 'helm'].map((language) => ({ scheme, language })),
    ),
    initializationOptions: readSettings(),
  });
  try {
    await client.start();
  } catch (error) {
    await window.showErrorMessage(`calico-admission does not start: ${error}`);
  }
}

/** @param {import('vscode').ExtensionContext} context */
function serverOptions(context) {
  const [command, ...args] = workspace.getConfiguration(NAME).get('command', []);
  if (command !== undefined) return { command, args: [...args, 'lsp', '--stdio'] };
  // In the Node.js that VS Code is.
  return { module: context.asAbsolutePath('server/main.js'), args: ['lsp'], transport: TransportKind.stdio };
}

/** What is not set is left to the server. */
function readSettings() {
  const settings = workspace.getConfiguration(NAME);
  return Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = settings.get(key);
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
}
