// The libraries that make certificates, loaded only when one is made. The names are listed here because a bundler
// cannot see those of a CommonJS library in `await import()`.
export * as x509 from '@peculiar/x509';
export { generate } from 'selfsigned';
