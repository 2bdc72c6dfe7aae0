import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError } from '../cluster/api.ts';
import { connect } from '../cluster/connect.ts';
import { examine } from '../cluster/doctor/examine.ts';
import { makeHandshake } from '../cluster/doctor/handshake.ts';
import type { Link } from '../cluster/doctor/link.ts';
import { loadPolicySettings } from '../config.ts';
import { errorCode, toError, UserError } from '../errors.ts';
import { quote } from '../policy/message.ts';
import { loadRegistry } from '../registry.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';
import { toUnreachable } from './list-cluster.ts';
import { createProgress } from './progress.ts';

const OPTIONS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  wait: { type: 'string' },
  config: { type: 'string' },
} as const;

const PAUSE_MS = 2000;
const MAX_WAIT_SECONDS = 3600;

export const doctor: Command = {
  name: 'doctor',
  summary: 'find out why the API server does not call the webhooks, and what to do',
  usage: `calico-admission doctor [--kubeconfig FILE] [--context NAME] [--namespace NS] [--wait SECONDS] [--config FILE]

Checks each step of a request: the webhook configuration, the caBundle, the Service or the URL, its endpoints, the
certificate, and the answer. It sends a good and a bad object to the API server in a dry run, which stores nothing.
For each webhook it stops at the first step that fails, and prints how to repair it.

  --kubeconfig FILE  the cluster whose API server calls the webhooks (default: as kubectl: KUBECONFIG, ~/.kube/config,
                     or the Pod's own account)
  --context NAME     a context of the kubeconfig other than the current one
  --namespace, -n NS namespace of the objects in the dry run (default: one that the webhook selects)
  --wait SECONDS     repeat until no step fails, for at most this time; for a pipeline after an installation
  --config FILE      the server's configuration file, if it turns rules off

Exit code 0 when no step fails, 1 when one fails, 2 when the cluster cannot be read.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, doctor);
    expectAtMost(positionals, 0, doctor);
    const end = performance.now() + parseSeconds(values.wait) * 1000;
    const settings = loadPolicySettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const api = await connect({ file: values.kubeconfig, context: values.context, inCluster: false });
    const registry = loadRegistry();
    const options = { api, registry, settings, namespace: values.namespace, makeHandshake };
    const progress = createProgress(io, () => performance.now());
    for (;;) {
      const links = await collect(examine({ ...options, now: () => new Date() }), api);
      const isBroken = links.some(({ state }) => state === 'broken');
      if (!isBroken || performance.now() >= end) {
        progress.clear();
        io.stdout(renderLinks(links));
        return isBroken ? 1 : 0;
      }
      progress.show(`waiting: ${links.find(({ state }) => state === 'broken')?.text ?? ''}`);
      await sleep(Math.min(PAUSE_MS, Math.max(end - performance.now(), 0)));
    }
  },
};

function parseSeconds(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MAX_WAIT_SECONDS) return seconds;
  throw new UserError(`--wait must be seconds from 0 to ${MAX_WAIT_SECONDS} (got ${quote(text)})`);
}

async function collect(links: AsyncIterable<Link>, api: ApiClient): Promise<Link[]> {
  const all: Link[] = [];
  try {
    for await (const link of links) all.push(link);
  } catch (error) {
    const reason = error instanceof ApiError ? error.message : (errorCode(error) ?? toError(error).message);
    throw toUnreachable(api, reason);
  }
  return all;
}

const SIGNS = { ok: 'ok     ', broken: 'BROKEN ', unknown: '?      ' } as const;

function renderLinks(links: readonly Link[]): string {
  let text = '';
  let webhook = '';
  for (const link of links) {
    if (link.webhook !== webhook) text += `${text === '' ? '' : '\n'}${link.webhook}\n`;
    webhook = link.webhook;
    text += `  ${SIGNS[link.state]}${link.text}\n`;
    if (link.cure !== undefined) text += `         = fix: ${link.cure}\n`;
  }
  return text;
}
