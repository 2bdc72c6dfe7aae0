// By the ConfigMap kubernetes-services-endpoint, Calico finds the API server without kube-proxy. Host and port are
// copied into the environment, in place of those that Kubernetes sets: a URL, or an address of a Service, does not
// work.
import { parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { isServicesEndpoint } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

const HOST = 'KUBERNETES_SERVICE_HOST';
const PORT = 'KUBERNETES_SERVICE_PORT';

export const servicesEndpoint: Rule<ObjectInput> = {
  id: 'kubeadm/services-endpoint',
  title: 'the address of the API server should be a host and a port',
  action: 'warn',
  docs: {
    why: 'Calico reads KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT from here to reach the API server before Services work. With a URL, without one of the two, or with the name of a Service, calico-node does not start.',
    fix: 'Write the address or name of the API server, without scheme and port, and the port as a text.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: kubernetes-services-endpoint
  namespace: tigera-operator
data:
  KUBERNETES_SERVICE_HOST: api.example.com
  KUBERNETES_SERVICE_PORT: "6443"
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: kubernetes-services-endpoint
  namespace: tigera-operator
data:
  KUBERNETES_SERVICE_HOST: https://api.example.com:6443
  KUBERNETES_SERVICE_PORT: "6443"
`,
    source: 'Calico documentation, enable eBPF; client-go, rest.InClusterConfig',
    since: '0.1.0',
  },
  *check({ object }) {
    if (!isServicesEndpoint(object)) return;
    const [host, port] = [HOST, PORT].map((key) => readString(object, 'data', key) ?? '');
    if (!host) yield missing(HOST, 'write the address of the API server');
    else if (problemOf(host) !== undefined)
      yield wrong(HOST, host, problemOf(host) ?? '', 'write only the address or name of the API server');
    if (!port) yield missing(PORT, 'write the port of the API server, such as "6443"');
    else if (!/^[0-9]{1,5}$/.test(port))
      yield wrong(PORT, port, 'invalid port', 'write a number, such as "6443"');
  },
};

function problemOf(host: string): string | undefined {
  if (host.includes('/')) return 'must be a host, not a URL';
  if (/\.svc(\.|$)/.test(host)) return 'must not be a Service, which does not work without kube-proxy';
  return parseIp(host) === undefined && host.includes(':')
    ? 'must be a host: the port has its own key'
    : undefined;
}

function missing(key: string, advice: string): Finding {
  return {
    path: ['data', key],
    reason: 'FieldValueRequired',
    problem: `without ${key} Calico does not find the API server`,
    advice,
  };
}

function wrong(key: string, got: string, problem: string, advice: string): Finding {
  return { path: ['data', key], reason: 'FieldValueInvalid', problem, got, advice };
}
