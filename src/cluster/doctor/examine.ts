import { examineCaBundle, examineRegistration, examineRoute } from './chain.ts';
import type { ExamineOptions, Link } from './link.ts';
import { tryObjects } from './trial.ts';
import { listWebhooks, type RegisteredWebhook } from './webhooks.ts';

/**
 * Checks webhook by webhook, from the webhook configuration to the server, until a check fails. It only reads, and
 * sends objects in a dry run, which stores nothing.
 * @throws ApiError where the configurations cannot be read, and errors of the connection as they are
 */
export async function* examine(options: ExamineOptions): AsyncGenerator<Link> {
  const webhooks = await listWebhooks(options.api);
  if (webhooks.length === 0) {
    yield {
      webhook: '',
      state: 'broken',
      text: 'the cluster has no webhook configuration of calico-admission, so that the API server calls no webhook',
      cure: 'apply one of manifests/overlays, install the chart, or: calico-admission manifests | kubectl apply -f -',
    };
  }
  for (const webhook of webhooks) {
    for await (const link of examineWebhook(webhook, options)) {
      yield link;
      if (link.state === 'broken') break;
    }
  }
}

async function* examineWebhook(webhook: RegisteredWebhook, options: ExamineOptions): AsyncGenerator<Link> {
  const { name } = webhook;
  const steps = [examineRegistration, examineCaBundle, examineRoute, tryObjects];
  for (const step of steps) {
    for (const outcome of await step(webhook, options)) yield { webhook: name, ...outcome };
  }
}
