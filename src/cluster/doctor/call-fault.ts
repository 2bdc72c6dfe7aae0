/** Why an API server could not call a webhook, and how to correct it. */
export interface CallFault {
  readonly problem: string;
  readonly cure: string;
}

interface KnownFault extends CallFault {
  /** A part of the error of kube-apiserver, or of Go's TLS and net packages. */
  readonly pattern: RegExp;
}

const RENEW =
  'set the caBundle to the certificate authority (CA) that signed it: calico-admission manifests prints it, serve --cert-secret and cert-manager keep it up to date';

// Errors of kube-apiserver 1.28 to 1.36 (apiserver/pkg/admission/plugin/webhook, util/webhook) and of Go 1.22 to 1.25
// (crypto/x509, crypto/tls, net). The first match counts, and errors that name the cause come first.
const FAULTS: readonly KnownFault[] = [
  {
    pattern: /x509: certificate has expired|is not yet valid/,
    problem: 'the certificate is not valid now',
    cure: 'look at the log of the server, which renews its own certificates; renew a certificate of your own, and compare clocks',
  },
  {
    pattern:
      /x509: certificate is (?:valid for|not valid for any names)|x509: cannot validate certificate for|doesn't contain any IP SANs/,
    problem: 'the certificate does not have the name that the API server uses',
    cure: 'start the server with --san for the host name of the webhook configuration, or SERVICE.NAMESPACE.svc for a Service',
  },
  {
    pattern: /x509: certificate signed by unknown authority|x509: /,
    problem: 'the certificate is not signed by the caBundle',
    cure: RENEW,
  },
  {
    pattern: /tls: (?:bad certificate|certificate required|unknown certificate)/,
    problem: 'the server requires a client certificate, and the API server sends none that is valid',
    cure: 'configure one in the API server (docs/operations.md, Certificates of clients), or start the server with --client-auth off',
  },
  {
    pattern: /server gave HTTP response to HTTPS client/,
    problem: 'a plain HTTP server answers on this port',
    cure: 'point the webhook configuration at the HTTPS port of the server, by default 8443',
  },
  {
    pattern: /service "[^"]*" not found/,
    problem: 'the Service does not exist',
    cure: 'install the server (manifests/ or the chart), or correct clientConfig.service',
  },
  {
    pattern: /no service port \S+ found/,
    problem: 'the Service has no such port',
    cure: 'correct clientConfig.service.port, or the port of the Service',
  },
  {
    pattern: /no endpoints available/,
    problem: 'no Pod of the Service is ready',
    cure: 'look at the Pods: kubectl get pods, kubectl describe, kubectl logs',
  },
  {
    pattern: /no such host|server misbehaving/,
    problem: 'the host name of the URL cannot be resolved from the API server',
    cure: 'correct clientConfig.url, or the DNS that the API server uses',
  },
  {
    pattern: /connection refused|no route to host|network is unreachable|connection reset/,
    problem: 'nothing answers at the address',
    cure: 'check that the server runs and listens there, and that no firewall or NetworkPolicy blocks it',
  },
  {
    pattern: /No agent available|proxyconnect|tunnel/i,
    problem: 'the tunnel from the API server to the nodes is down',
    cure: 'look at the Pods of konnectivity-agent or vpn-shoot',
  },
  {
    pattern: /context deadline exceeded|i\/o timeout|Client\.Timeout|TLS handshake timeout/,
    problem: 'no answer came in time',
    cure: 'check that the API server reaches the address (firewall, NetworkPolicy, port 8443 from control plane to nodes), and the load of the server',
  },
  {
    pattern: /rejected our request for an unknown reason/,
    problem: 'the server could not read the review (HTTP 400)',
    cure: 'look for "unreadable review" in its log, which has the reason, and correct the object; without such a line another program answers: correct clientConfig',
  },
  {
    pattern: /an error on the server/,
    problem: 'the server, or a proxy before it, has failed (HTTP 500 or above)',
    cure: 'look for "internal fault" in the log of the server (docs/operations.md, CalicoAdmissionInternalFault); without such a line look at the proxy',
  },
  {
    pattern: /could not find the requested resource/,
    problem: 'the path is not one of the server (HTTP 404)',
    cure: 'use /validate, /mutate or /mutate/PROVIDER in clientConfig',
  },
  {
    pattern: /currently unable to handle the request|Too many requests/i,
    problem: 'the server is overloaded or not ready yet',
    cure: 'look at /readyz of the server and at its log',
  },
  {
    pattern: /does not allow access|Unauthorized|forbidden/i,
    problem: 'the server does not serve this client',
    cure: 'compare --client-name with the client certificate of the API server',
  },
  {
    pattern:
      /no kind "|Object 'Kind' is missing|cannot unmarshal|expected webhook response|invalid webhook response|received invalid|webhook returned response\.UID|converting YAML|unexpected EOF|: EOF|malformed HTTP/,
    problem: 'another program answers at this address',
    cure: 'correct the address of the webhook configuration',
  },
];

/** @param message the error of kube-apiserver about the failed call */
export function explainCallFault(message: string): CallFault {
  return (
    FAULTS.find(({ pattern }) => pattern.test(message)) ?? {
      problem: 'the API server cannot call it',
      cure: 'look at the logs of the API server and of the webhook server',
    }
  );
}

/** The webhook that an answer names. Undefined where no webhook of the API server decided. */
export function readWebhookVerdict(
  message: string,
): { readonly webhook: string; readonly verdict: 'denied' | 'failed' } | undefined {
  const denied = /admission webhook "([^"]+)" denied the request/.exec(message)?.[1];
  if (denied !== undefined) return { webhook: denied, verdict: 'denied' };
  const failed = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  return failed === undefined ? undefined : { webhook: failed, verdict: 'failed' };
}
