// The Kubernetes client is large: it is loaded only by `await import()` of this file. The names are listed here
// because a bundler can drop all others.
export { KubeConfig } from '@kubernetes/client-node';
