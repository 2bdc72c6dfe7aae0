// Evaluates the text of the page. Only this file compiles schemas; the page's Content-Security-Policy forbids it
// there.
import { UserError } from '../../../index.ts';
import { listMutations, listProviders, listRules } from '../../../policy/registry.ts';
import { pageUrl } from '../../../policy/rule-page.ts';
import { formatRelease, NEWEST_VERSIONS } from '../../../policy/versions.ts';
import { loadRegistry } from '../../../registry.ts';
import { evaluate } from './evaluate.ts';
import type { Answer, FromWorker, Knowledge, Question, RuleChoice } from './messages.ts';

/**
 * A worker has the Content-Security-Policy of its own response, and not that of the page: where a server sends none,
 * it could open connections. It removes the functions for that before it receives any text.
 */
for (const name of [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'Worker',
  'importScripts',
  'BroadcastChannel',
  'indexedDB',
  'caches',
]) {
  for (let at: object | null = globalThis; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) Object.defineProperty(at, name, { value: undefined, configurable: false });
  }
}

const registry = loadRegistry();

function send(message: FromWorker): void {
  postMessage(message);
}

function learn(): Knowledge {
  const toChoice = (action: string, { id, title }: { id: string; title: string }): RuleChoice => ({
    id,
    title,
    action,
    page: pageUrl('', id),
  });
  return {
    rules: listRules(registry).map((rule) => toChoice(rule.action, rule)),
    mutations: listMutations(registry).map((mutation) => toChoice('on', mutation)),
    versions: Object.fromEntries(
      Object.entries(NEWEST_VERSIONS).map(([key, release]) => [key, formatRelease(release)]),
    ),
    mutatePaths: ['/mutate', ...[...listProviders(registry)].sort().map((provider) => `/mutate/${provider}`)],
  };
}

function answer({ id, text, options }: Question): Answer {
  try {
    return { id, evaluated: evaluate(text, options, registry) };
  } catch (error) {
    // Any other error is our fault, and the page shows that the worker has failed.
    if (error instanceof UserError) return { id, problem: error.message };
    throw error;
  }
}

send({ knowledge: learn() });
addEventListener('message', ({ data }: MessageEvent<Question>) => send({ answer: answer(data) }));
