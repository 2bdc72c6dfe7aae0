// By itself in a file that is only ever imported when it is needed: the library is nearly five megabytes, and a bundler
// can put it aside only where its exports are named.
export { KubeConfig } from '@kubernetes/client-node';
