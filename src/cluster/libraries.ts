// The Kubernetes client is large: loaded as one, and only by `await import()` of this file. Its names stand here
// because a bundler can drop what is not named.
export { KubeConfig } from '@kubernetes/client-node';
