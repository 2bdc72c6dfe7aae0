import { readFileSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { errorCode, messageOf, toError, UserError } from '../errors.ts';
import { quote } from '../policy/message.ts';

/** The source of the API server's address and of the credentials. */
export interface KubeconfigSource {
  /** Undefined: the Pod's own service account where `inCluster` is set, otherwise the default of kubectl. */
  readonly file: string | undefined;
  readonly inCluster: boolean;
  /** The name of another context than the current one. */
  readonly context?: string | undefined;
  /** The flag or setting that names the file, for messages. Default: `--kubeconfig`. */
  readonly flag?: string;
}

/**
 * Reads a kubeconfig again.
 * @param Config the class of the Kubernetes client, which is loaded only where a cluster is called
 * @throws UserError, which quotes nothing of the file: it contains tokens and keys
 */
export function loadKubeconfig(Config: new () => KubeConfig, source: KubeconfigSource): KubeConfig {
  const { file, inCluster, context, flag = '--kubeconfig' } = source;
  const config = new Config();
  try {
    if (file !== undefined) loadFile(config, file);
    else if (inCluster) config.loadFromCluster();
    else config.loadFromDefault();
  } catch (error) {
    // Parsers show the line of the error below their message.
    const reason = messageOf(error).split('\n', 1)[0];
    throw new UserError(`the kubeconfig cannot be read (got ${reason}); check ${flag}`);
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null) {
      throw new UserError(
        `the kubeconfig has no such context (got ${quote(context)}); list them with: kubectl config get-contexts`,
      );
    }
    config.setCurrentContext(context);
  }
  if (config.getCurrentCluster() === null) {
    throw new UserError(
      `the kubeconfig has no current context, or one without a cluster; set its current-context, or check ${flag}`,
    );
  }
  return config;
}

/** The client library supports the field tokenFile only for the Pod's own token. Kubeconfigs of Gardener have it. */
function loadFile(config: KubeConfig, path: string): void {
  config.loadFromFile(path);
  const { users }: { users?: { name: string; user?: { tokenFile?: string } }[] } = parse(
    readFileSync(path, 'utf8'),
  );
  config.users = config.users.map((user) => {
    const tokenFile = users?.find(({ name }) => name === user.name)?.user?.tokenFile;
    return tokenFile === undefined
      ? user
      : { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}

/**
 * Explains why the credential plugin of a kubeconfig gave no credential. The error of the client library quotes the
 * output of the plugin, which may contain a token.
 * @returns the error itself where the kubeconfig names no plugin
 */
export function explainPlugin(config: KubeConfig, error: unknown): Error {
  const command: unknown = config.getCurrentUser()?.exec?.command;
  if (typeof command !== 'string') return toError(error);
  return new Error(`the credential plugin ${quote(command)} ${describeFailure(error)}; run it by hand`);
}

function describeFailure(error: unknown): string {
  const code = errorCode(error);
  if (code !== undefined) return `cannot be started (${code})`;
  if (error instanceof SyntaxError || error instanceof TypeError) return 'printed no ExecCredential';
  return `failed: ${messageOf(error).trim()}`;
}
