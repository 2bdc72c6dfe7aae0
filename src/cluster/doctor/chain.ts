import { isMap, read, readList } from '../../policy/json.ts';
import { quote } from '../../policy/message.ts';
import { readCertificates } from '../../tls/inspect.ts';
import { explainCallFault } from './call-fault.ts';
import type { HandshakeOptions } from './handshake.ts';
import { broken, type ExamineOptions, getObject, type Outcome, ok, unknown } from './link.ts';
import { caBundleOf, type RegisteredWebhook } from './webhooks.ts';

// From the webhook configuration to the certificate that the server shows; each part gives what it has found.

export function examineRegistration({ kind, configuration, webhook }: RegisteredWebhook): Outcome[] {
  const { failurePolicy = 'Fail' } = webhook;
  const resources = [...new Set((webhook.rules ?? []).flatMap((rule) => rule.resources ?? []))];
  if (resources.length === 0) {
    return [
      broken(`${kind} ${configuration} names no resources`, 'apply what calico-admission manifests prints'),
    ];
  }
  return [ok(`${kind} ${configuration}: ${resources.join(', ')}; failurePolicy ${failurePolicy}`)];
}

export function examineCaBundle(webhook: RegisteredWebhook, { now }: ExamineOptions): Outcome[] {
  const pem = caBundleOf(webhook);
  if (pem === undefined) {
    if (webhook.webhook.clientConfig.service === undefined) return [];
    return [
      broken(
        'the caBundle is empty, so that the API server trusts no certificate of this server',
        'let serve --cert-secret or cert-manager fill it in, or apply what calico-admission manifests prints',
      ),
    ];
  }
  const authorities = readCertificates(pem) ?? [];
  if (authorities.length === 0) {
    return [
      broken(
        'the caBundle holds no certificate',
        'write the PEM of the authority in it, in base64: calico-admission manifests prints it',
      ),
    ];
  }
  const ends = authorities.map(({ validTo }) => new Date(validTo));
  if (ends.some((end) => end > now())) return [ok(`the caBundle holds ${count(ends.length, 'authority')}`)];
  return [
    broken(
      `all authorities of the caBundle have expired (the last one on ${toDay(latest(ends))})`,
      'fill in the authority that signed the present certificate: calico-admission manifests prints it',
    ),
  ];
}

export async function examineAddress(
  { webhook }: RegisteredWebhook,
  { api }: ExamineOptions,
): Promise<Outcome[]> {
  const { service, url } = webhook.clientConfig;
  if (service === undefined) return [ok(`is called at ${quote(url ?? '')}`)];
  const { namespace, name, port = 443 } = service;
  const place = `${namespace}/${name}`;
  const found = await getObject(api, `/api/v1/namespaces/${namespace}/services/${name}`);
  if (found === 'unreadable') return [unknown(`the Service ${place} may not be read`)];
  if (found === undefined)
    return [broken(`there is no Service ${place}`, 'install the server, or correct clientConfig.service')];
  const ports = readList(found, 'spec', 'ports').map((each) => read(each, 'port'));
  if (!ports.includes(port)) {
    return [
      broken(
        `the Service ${place} has no port ${port} (it has ${ports.join(', ')})`,
        'correct clientConfig.service.port, or the port of the Service',
      ),
    ];
  }
  return [ok(`the Service ${place} has port ${port}`), await examineEndpoints(api, namespace, name)];
}

async function examineEndpoints(
  api: ExamineOptions['api'],
  namespace: string,
  name: string,
): Promise<Outcome> {
  const slices = await getObject(api, slicesPath(namespace, name));
  if (!isMap(slices)) return unknown('the EndpointSlices of the Service may not be read');
  const endpoints = readList(slices, 'items').flatMap((slice) => readList(slice, 'endpoints'));
  const ready = endpoints.filter((each) => read(each, 'conditions', 'ready') !== false).length;
  if (ready > 0) return ok(`${ready} of ${count(endpoints.length, 'endpoint')} ready`);
  const why =
    endpoints.length === 0
      ? 'no Pod matches the Service'
      : `no Pod is ready (of ${count(endpoints.length, 'endpoint')})`;
  return broken(
    why,
    `look at the Pods: kubectl -n ${namespace} get pods, then describe and logs; compare their labels with the selector of the Service`,
  );
}

/** Only where an address can be reached from here: API servers may have another way to it. */
export async function examineCertificate(
  webhook: RegisteredWebhook,
  { api, shakeHands }: ExamineOptions,
): Promise<Outcome[]> {
  const ca = caBundleOf(webhook);
  for (const address of await addressesOf(webhook, api)) {
    const seen = await shakeHands({ ...address, ca });
    if (seen.state === 'ok')
      return [
        ok(`the certificate is good for ${address.serverName} by the caBundle until ${toDay(seen.validTo)}`),
      ];
    if (seen.state === 'refused') {
      const { problem, cure } = explainCallFault(TLS_CODES[seen.code] ?? 'x509: ');
      return [broken(`${problem} (${address.serverName}: ${seen.code})`, cure)];
    }
  }
  return [unknown('the server cannot be reached from here, so that its certificate was not looked at')];
}

/** What Go says where Node.js has these codes. */
const TLS_CODES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'x509: certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'x509: certificate has expired or is not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'x509: certificate is valid for another name',
  EPROTO: 'server gave HTTP response to HTTPS client',
  ERR_SSL_WRONG_VERSION_NUMBER: 'server gave HTTP response to HTTPS client',
};

async function addressesOf(
  { webhook }: RegisteredWebhook,
  api: ExamineOptions['api'],
): Promise<Omit<HandshakeOptions, 'ca'>[]> {
  const { service, url } = webhook.clientConfig;
  if (service === undefined) {
    const { hostname, port } = new URL(url ?? '');
    const host = hostname.replace(/^\[|\]$/g, '');
    return [{ host, port: Number(port || 443), serverName: host }];
  }
  const { namespace, name } = service;
  const slices = await getObject(api, slicesPath(namespace, name));
  if (!isMap(slices)) return [];
  return readList(slices, 'items').flatMap((slice) => {
    const port = read(readList(slice, 'ports')[0], 'port');
    const hosts = readList(slice, 'endpoints').flatMap((each) => readList(each, 'addresses'));
    return hosts
      .filter((host) => typeof host === 'string' && typeof port === 'number')
      .map((host) => ({ host: String(host), port: Number(port), serverName: `${name}.${namespace}.svc` }));
  });
}

function slicesPath(namespace: string, service: string): string {
  const query = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  return `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${query}`;
}

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
