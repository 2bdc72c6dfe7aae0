// ConfigMap kubernetes-services-endpoint: where Calico finds the API server without kube-proxy. Host and port go into the
// environment as they are, as those that Kubernetes sets: a URL, or an address of a Service, leads nowhere.
import { parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { isServicesEndpoint } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

const HOST = 'KUBERNETES_SERVICE_HOST';
const PORT = 'KUBERNETES_SERVICE_PORT';

export const servicesEndpoint: Rule<ObjectInput> = {
  id: 'kubeadm/services-endpoint',
  title: 'Calico finds the API server without kube-proxy',
  action: 'warn',
  docs: {
    why: 'Calico takes KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT from here to reach the API server while nobody makes Services work. With a URL, without one of the two, or with the name of a Service, calico-node does not start.',
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
      yield wrong(HOST, host, problemOf(host) ?? '', 'write the address or name of the API server alone');
    if (!port) yield missing(PORT, 'write the port of the API server, such as "6443"');
    else if (!/^[0-9]{1,5}$/.test(port)) yield wrong(PORT, port, 'no port', 'write a number, such as "6443"');
  },
};

function problemOf(host: string): string | undefined {
  if (host.includes('/')) return 'a URL, where a host is asked for';
  if (/\.svc(\.|$)/.test(host)) return 'a Service, which nobody answers without kube-proxy';
  return parseIp(host) === undefined && host.includes(':')
    ? 'no host: the port has a key of its own'
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
