import { isMap, read, readList } from '../../policy/json.ts';
import { quote } from '../../policy/message.ts';
import { readCertificates } from '../../tls/inspect.ts';
import { explainCallFault } from './call-fault.ts';
import type { HandshakeOptions } from './handshake.ts';
import { broken, type ExamineOptions, getObject, type Outcome, ok, unknown } from './link.ts';
import type { RegisteredWebhook, ServiceAddress } from './webhooks.ts';

// Checks from the webhook configuration to the certificate of the server. Each function returns what it found.

export function examineRegistration(webhook: RegisteredWebhook): Outcome[] {
  const { kind, configuration, failurePolicy } = webhook;
  const resources = [...new Set(webhook.resources.map(({ resource }) => resource))];
  if (resources.length === 0) {
    return [
      broken(`${kind} ${configuration} names no resources`, 'apply the output of calico-admission manifests'),
    ];
  }
  return [ok(`${kind} ${configuration}: ${resources.join(', ')}; failurePolicy ${failurePolicy}`)];
}

export function examineCaBundle(
  { caBundle, address }: RegisteredWebhook,
  { now }: ExamineOptions,
): Outcome[] {
  if (caBundle === undefined) {
    if ('url' in address) return [];
    return [
      broken(
        'the caBundle is empty, so that the API server cannot verify the certificate of this server',
        'let serve --cert-secret or cert-manager set it, or apply the output of calico-admission manifests',
      ),
    ];
  }
  const authorities = readCertificates(caBundle) ?? [];
  if (authorities.length === 0) {
    return [
      broken(
        'the caBundle has no certificate',
        'set it to the PEM of the certificate authority (CA), in base64: calico-admission manifests prints it',
      ),
    ];
  }
  const ends = authorities.map(({ validTo }) => new Date(validTo));
  if (ends.some((end) => end > now())) return [ok(`the caBundle holds ${count(ends.length, 'authority')}`)];
  return [
    broken(
      `all authorities of the caBundle have expired (the last one on ${toDay(latest(ends))})`,
      'set it to the certificate authority (CA) that signed the present certificate: calico-admission manifests prints it',
    ),
  ];
}

/** Checks the address of the webhook, and the certificate of the server there. */
export async function examineRoute(webhook: RegisteredWebhook, options: ExamineOptions): Promise<Outcome[]> {
  const { address, caBundle: ca } = webhook;
  if ('url' in address) {
    const { href, hostname, port } = address.url;
    const host = hostname.replace(/^\[|\]$/g, '');
    const place = { host, port: Number(port || 443), serverName: host };
    return [ok(`is called at ${quote(href)}`), await examineCertificate([place], ca, options)];
  }
  const service = await examineService(address, options);
  if (service.state === 'broken') return [service];
  const endpoints = await listEndpoints(address, options);
  const outcomes = service.state === 'ok' ? [service, describeEndpoints(address, endpoints)] : [service];
  if (outcomes.some(({ state }) => state === 'broken')) return outcomes;
  const places = (endpoints ?? []).flatMap((each) => each.places);
  return [...outcomes, await examineCertificate(places, ca, options)];
}

async function examineService(
  { namespace, service, port }: ServiceAddress,
  { api }: ExamineOptions,
): Promise<Outcome> {
  const place = `${namespace}/${service}`;
  const found = await getObject(api, `/api/v1/namespaces/${namespace}/services/${service}`);
  if (found === 'unreadable')
    return unknown(`the Service ${place} cannot be read: your permissions do not allow it`);
  if (found === undefined)
    return broken(`there is no Service ${place}`, 'install the server, or correct clientConfig.service');
  const ports = readList(found, 'spec', 'ports').map((each) => read(each, 'port'));
  if (ports.includes(port)) return ok(`the Service ${place} has port ${port}`);
  return broken(
    `the Service ${place} has no port ${port} (it has ${ports.join(', ')})`,
    'correct clientConfig.service.port, or the port of the Service',
  );
}

type Place = Omit<HandshakeOptions, 'ca'>;

interface Endpoint {
  readonly isReady: boolean;
  readonly places: readonly Place[];
}

/** Undefined where reading them is forbidden. */
async function listEndpoints(
  { namespace, service }: ServiceAddress,
  { api }: ExamineOptions,
): Promise<readonly Endpoint[] | undefined> {
  const query = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${query}`;
  const slices = await getObject(api, path);
  if (!isMap(slices)) return undefined;
  return readList(slices, 'items').flatMap((slice) => {
    const port = read(readList(slice, 'ports')[0], 'port');
    return readList(slice, 'endpoints').map((endpoint): Endpoint => {
      const hosts = readList(endpoint, 'addresses').filter((host) => typeof host === 'string');
      const serverName = `${service}.${namespace}.svc`;
      return {
        isReady: read(endpoint, 'conditions', 'ready') !== false,
        places: typeof port === 'number' ? hosts.map((host) => ({ host, port, serverName })) : [],
      };
    });
  });
}

function describeEndpoints(
  { namespace }: ServiceAddress,
  endpoints: readonly Endpoint[] | undefined,
): Outcome {
  if (endpoints === undefined)
    return unknown('the EndpointSlices of the Service cannot be read: your permissions do not allow it');
  const all = count(endpoints.length, 'endpoint');
  const ready = endpoints.filter(({ isReady }) => isReady).length;
  if (ready > 0) return ok(`${ready} of ${all} ready`);
  return broken(
    endpoints.length === 0 ? 'no Pod matches the Service' : `no Pod is ready (of ${all})`,
    `look at the Pods: kubectl -n ${namespace} get pods, then describe and logs; compare their labels with the selector of the Service`,
  );
}

/** Only where the address can be reached from this machine: API servers may have another route to it. */
async function examineCertificate(
  places: readonly Place[],
  ca: string | undefined,
  { makeHandshake }: ExamineOptions,
): Promise<Outcome> {
  for (const place of places) {
    const seen = await makeHandshake({ ...place, ca });
    if (seen.state === 'ok') {
      const until = toDay(seen.validTo);
      return ok(`the certificate is valid for ${place.serverName} with the caBundle until ${until}`);
    }
    if (seen.state === 'refused') {
      const { problem, cure } = explainCallFault(TLS_CODES[seen.code] ?? 'x509: ');
      return broken(`${problem} (${place.serverName}: ${seen.code})`, cure);
    }
  }
  return unknown('the server cannot be reached from this machine, so that its certificate was not checked');
}

/** The words of Go for these error codes of Node.js. */
const TLS_CODES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'x509: certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'x509: certificate has expired or is not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'x509: certificate is valid for another name',
  EPROTO: 'server gave HTTP response to HTTPS client',
  ERR_SSL_WRONG_VERSION_NUMBER: 'server gave HTTP response to HTTPS client',
};

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map(Number)));
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
