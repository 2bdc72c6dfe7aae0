import type { Policy } from '../../policy/evaluate.ts';
import { isMap, type JsonObject, read, readList, readString } from '../../policy/json.ts';
import { escapeInvisible, quote } from '../../policy/message.ts';
import { ApiError } from '../api.ts';
import { explainCallFault, readWebhookVerdict } from './call-fault.ts';
import { broken, type ExamineOptions, getObject, type Outcome, ok, unknown } from './link.ts';
import { makeTrialObjects } from './trial-objects.ts';
import { namespaceQuery, providerOf, type RegisteredWebhook } from './webhooks.ts';

/** Limit of the length of a server's message, in characters. */
const MAX_REASON = 200;

/** Sends objects that must be denied, and objects that must be allowed. */
export async function tryObjects(webhook: RegisteredWebhook, options: ExamineOptions): Promise<Outcome[]> {
  const place = await findPlace(webhook, options);
  if ('state' in place) return [place];
  const { policy, group, version, path, namespace } = place;
  const sample = await findSample(place, options);
  const objects = makeTrialObjects({
    policy,
    settings: options.settings,
    pathProvider: providerOf(webhook),
    apiVersion: `${group}/${version}`,
    namespace,
    sample,
  });
  const { kind } = policy.target;
  const isMutating = webhook.kind === 'MutatingWebhookConfiguration';
  const send = (object: JsonObject) => dryRun(options.api, path, object);
  const attempt = (list: readonly JsonObject[], what: string, decide: Decide) =>
    tryEach(webhook, list, `${what} ${kind}`, send, decide);
  if (isMutating) return [await attempt(objects.corrected, 'corrects a', decideCorrection(webhook, kind))];
  const denial = await attempt(objects.bad, 'denies a bad', decideDenial(webhook, kind));
  if (denial.state === 'broken') return [denial];
  return [denial, await attempt(objects.good, 'admits a good', decideGood(webhook, kind))];
}

interface Place {
  readonly policy: Policy;
  readonly group: string;
  readonly version: string;
  readonly path: string;
  readonly namespace: string | undefined;
}

/** The first kind of the webhook that the cluster has, and the path to create its objects. */
async function findPlace(webhook: RegisteredWebhook, options: ExamineOptions): Promise<Place | Outcome> {
  const { api, registry } = options;
  const wanted = webhook.kind === 'MutatingWebhookConfiguration' ? 'mutations' : 'rules';
  for (const { group, version, resource } of webhook.resources) {
    const policy = registry.findByResource(group, resource);
    if (policy === undefined || policy[wanted].length === 0) continue;
    const root = `/apis/${group}/${version}`;
    const served = await getObject(api, root);
    const isServed = readList(served, 'resources').some((each) => read(each, 'name') === resource);
    if (!isServed) continue;
    if (policy.target.scope === 'Cluster')
      return { policy, group, version, path: `${root}/${resource}`, namespace: undefined };
    const namespace = await findNamespace(webhook, options);
    if (namespace === undefined)
      return unknown('no namespace has the labels of the namespaceSelector, so that no object can be sent');
    return { policy, group, version, path: `${root}/namespaces/${namespace}/${resource}`, namespace };
  }
  return unknown('the cluster has none of the kinds in the rules of the webhook');
}

async function findNamespace(
  webhook: RegisteredWebhook,
  { api, namespace }: ExamineOptions,
): Promise<string | undefined> {
  if (namespace !== undefined) return namespace;
  const query = namespaceQuery(webhook);
  if (query === undefined) return api.namespace() ?? 'default';
  const list = await getObject(api, `/api/v1/namespaces?limit=1&labelSelector=${encodeURIComponent(query)}`);
  return readString(readList(list, 'items')[0], 'metadata', 'name');
}

/** An existing object in the same namespace, which the API server has accepted. */
async function findSample(place: Place, { api }: ExamineOptions): Promise<JsonObject | undefined> {
  const list = await getObject(api, `${place.path}?limit=1`);
  const [sample] = readList(list, 'items');
  return isMap(sample) ? sample : undefined;
}

type Answer = { readonly status: number; readonly message: string; readonly object: unknown };
type Send = (object: JsonObject) => Promise<Answer>;

/** The result that an answer shows. Undefined where it shows nothing: then the next object is sent. */
type Decide = (answer: Answer, object: JsonObject) => Outcome | undefined;

/**
 * Sends one object after the other, until an answer shows a result.
 * @param what the test, for the message when no answer shows a result
 */
async function tryEach(
  { name }: RegisteredWebhook,
  objects: readonly JsonObject[],
  what: string,
  send: Send,
  decide: Decide,
): Promise<Outcome> {
  let refusal = '';
  for (const object of objects) {
    const answer = await send(object);
    const outcome = decide(answer, object) ?? faultOf(name, answer);
    if (outcome !== undefined) return outcome;
    refusal = answer.message;
  }
  const reason =
    refusal === '' ? 'there is no example for it' : 'the API server rejects every example itself';
  const details = refusal === '' ? '' : ` (got ${quote(escapeInvisible(refusal, MAX_REASON))})`;
  return unknown(`whether it ${what} is not known: ${reason}${details}`);
}

function isDeniedBy({ name }: RegisteredWebhook, { message }: Answer): boolean {
  const about = readWebhookVerdict(message);
  return about?.webhook === name && about.verdict === 'denied';
}

function decideDenial(webhook: RegisteredWebhook, kind: string): Decide {
  return (answer) => {
    if (isDeniedBy(webhook, answer)) return ok(`denies a bad ${kind}`);
    return isTaken(answer) ? notCalled(webhook, kind) : undefined;
  };
}

function decideGood(webhook: RegisteredWebhook, kind: string): Decide {
  return (answer) => {
    if (isTaken(answer)) return ok(`admits a good ${kind}`);
    if (!isDeniedBy(webhook, answer)) return undefined;
    return broken(
      `denies a good ${kind}`,
      'the server has another release or another configuration than this command: compare --version, and use the configuration file of the server with --config',
    );
  };
}

function decideCorrection(webhook: RegisteredWebhook, kind: string): Decide {
  return (answer, object) => {
    if (!isTaken(answer)) return undefined;
    const isSame = JSON.stringify(read(answer.object, 'spec')) === JSON.stringify(read(object, 'spec'));
    return isSame ? notCalled(webhook, kind) : ok(`corrects a ${kind}`);
  };
}

function faultOf(webhook: string, { message }: Answer): Outcome | undefined {
  const about = readWebhookVerdict(message);
  if (about?.verdict !== 'failed') return undefined;
  if (about.webhook !== webhook)
    return unknown(`another webhook fails before this one is called: ${quote(about.webhook)}`);
  const { problem, cure } = explainCallFault(message);
  return broken(`${problem} (got ${quote(lastPart(message))})`, cure);
}

/** The reason is at the end, after the webhook and the URL. */
function lastPart(message: string): string {
  return message.replace(/^.*failed to call webhook: /s, '').replace(/^(?:Post|Get) "[^"]*": /, '');
}

/** A conflict comes from the storage, after all webhooks. */
function isTaken({ status }: Answer): boolean {
  return (status >= 200 && status < 300) || status === 409;
}

function notCalled({ name, failurePolicy, namespaceSelector }: RegisteredWebhook, kind: string) {
  const isOpen = failurePolicy === 'Ignore';
  const isNarrow = Object.keys(namespaceSelector).length > 0;
  return broken(
    isOpen
      ? `was not called for a bad ${kind}, or did not answer, and failurePolicy Ignore admitted the object`
      : `was not called for a bad ${kind}, or did not deny it`,
    isOpen
      ? `look for failed-open annotations of ${name} in the audit log of the API server, and check that it reaches the server`
      : `compare its rules, ${isNarrow ? 'namespaceSelector and ' : ''}matchConditions with the output of calico-admission manifests, and the actions of the server's configuration file with --config`,
  );
}

async function dryRun(api: ExamineOptions['api'], path: string, object: JsonObject): Promise<Answer> {
  try {
    const answer = await api.request({ method: 'POST', path: `${path}?dryRun=All`, body: object });
    return { status: 201, message: '', object: answer };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = readString(error.answer, 'message') ?? error.problem;
    return { status: error.status, message, object: undefined };
  }
}
