import type { FastifyRequest } from 'fastify';
import { read } from '../policy/json.ts';
import { quote } from '../policy/message.ts';
import type { ErrorHeaders } from './replies.ts';

/** A request that is rejected before its body is read. */
export interface Rejection {
  readonly status: number;
  readonly message: string;
  readonly headers: ErrorHeaders;
}

const REVIEW_PATH = /^\/(validate|mutate|mutate\/[^/]+)$/;
const HEALTH_PATH = /^\/(healthz|readyz)$/;

/**
 * What is wrong with the method, the path or the headers of a request, or undefined. Fastify would answer 404 to a
 * wrong method, and accept any charset and content encoding.
 */
export function checkRequest(request: FastifyRequest): Rejection | undefined {
  // The router accepts an empty parameter.
  if (request.is404 || read(request.params, 'provider') === '') return rejectRoute(request);
  return request.method === 'POST' ? checkHeaders(request.headers) : undefined;
}

function rejectRoute(request: FastifyRequest): Rejection {
  const path = request.url.split('?', 1)[0] ?? '';
  const allow = REVIEW_PATH.test(path) ? 'POST' : HEALTH_PATH.test(path) ? 'GET' : undefined;
  if (allow !== undefined) {
    const message = `method ${quote(request.method)} is not allowed here; use ${allow}`;
    return { status: 405, message, headers: { allow } };
  }
  return {
    status: 404,
    message: `no such path (got ${quote(path)}); POST an AdmissionReview to /validate, /mutate or /mutate/<provider>, GET /healthz or /readyz`,
    headers: {},
  };
}

function checkHeaders(headers: FastifyRequest['headers']): Rejection | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    return unsupported(
      `the content encoding ${quote(encoding)} is not read; send the body without Content-Encoding`,
    );
  }
  const type = headers['content-type'];
  if (type === undefined)
    return unsupported('the content type is missing; send the header Content-Type: application/json');
  if (!isJson(type)) {
    return unsupported(
      `the content type ${quote(type)} is not read; send the header Content-Type: application/json`,
    );
  }
  return undefined;
}

function unsupported(message: string): Rejection {
  return { status: 415, message, headers: { accept: 'application/json' } };
}

/** application/json, with no other charset than UTF-8, as in RFC 8259. */
function isJson(contentType: string): boolean {
  // As kube-apiserver writes it.
  if (contentType === 'application/json') return true;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') return false;
  return parameters.every((parameter) => {
    const [name, value = ''] = parameter.split('=', 2);
    return name !== 'charset' || ['utf-8', '"utf-8"', 'utf8', '"utf8"'].includes(value);
  });
}
