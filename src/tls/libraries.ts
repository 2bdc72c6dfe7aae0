// What making certificates needs and nothing else does; imported as one, and only when something is to be made.
// Their names stand here because a bundler cannot see those of a CommonJS library behind `await import()`.
export * as x509 from '@peculiar/x509';
export { generate } from 'selfsigned';
