import { describe, expect, it } from 'vitest';
import { isPort, splitHostPort } from '../../src/formats/host-port.ts';

describe('a host with a port', () => {
  it.each([
    { text: '10.0.0.1:6443', host: '10.0.0.1', port: '6443' },
    { text: '[fd00::1]:6443', host: 'fd00::1', port: '6443' },
    { text: 'api.example.com:', host: 'api.example.com', port: '' },
    { text: ':6443', host: '', port: '6443' },
    { text: 'api:http', host: 'api', port: 'http' },
  ])('is split: $text', ({ text, host, port }) => {
    expect(splitHostPort(text)).toEqual({ host, port });
  });

  it.each([
    '',
    '10.0.0.1',
    'fd00::1',
    '[fd00::1]',
    'https://api:6443',
    '[[::1]]:1',
    '[::1:1',
    '10.0.0.1:1\n2:3',
  ])('is none: %j', (text) => {
    expect(splitHostPort(text)).toBeUndefined();
  });
});

it.each([
  { text: '1', is: true },
  { text: '65535', is: true },
  { text: '00080', is: true },
  { text: '0', is: false },
  { text: '65536', is: false },
  { text: '000080', is: false },
  { text: '', is: false },
  { text: '-1', is: false },
  { text: '80 ', is: false },
])('$text is a port: $is', ({ text, is }) => {
  expect(isPort(text)).toBe(is);
});
