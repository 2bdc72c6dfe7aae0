import { describe, expect, it } from 'vitest';
import { autodetectionProblem } from '../../src/formats/autodetection.ts';

describe('autodetectionProblem', () => {
  it.each([
    'first-found',
    'kubernetes-internal-ip',
    'cidr=10.0.0.0/8',
    'cidr=2001:db8::/32',
    'can-reach=8.8.8.8',
    'can-reach=2001:db8::68',
    'can-reach=www.google.com',
    'can-reach=290.8.8.8',
    'can-reach=010.1.1.1',
    'interface=eth.*',
    'interface=eth.*,ens.*',
    'interface=a=b',
    'interface= ',
    'skip-interface=docker.*',
  ])('accepts %s', (text) => {
    expect(autodetectionProblem(text)).toBeUndefined();
  });

  it.each([
    { text: '', problem: { kind: 'unknown-method', method: '' } },
    {
      text: 'First-Found',
      problem: { kind: 'unknown-method', method: 'First-Found', suggestion: 'first-found' },
    },
    {
      text: 'firstfound',
      problem: { kind: 'unknown-method', method: 'firstfound', suggestion: 'first-found' },
    },
    {
      text: 'interfaces=eth0',
      problem: { kind: 'unknown-method', method: 'interfaces', suggestion: 'interface' },
    },
    { text: ' cidr=10.0.0.0/8', problem: { kind: 'unknown-method', method: ' cidr', suggestion: 'cidr' } },
    { text: '=x', problem: { kind: 'unknown-method', method: '' } },
    { text: 'first-found=', problem: { kind: 'parameter-not-allowed', method: 'first-found' } },
    {
      text: 'kubernetes-internal-ip=x',
      problem: { kind: 'parameter-not-allowed', method: 'kubernetes-internal-ip' },
    },
    { text: 'cidr', problem: { kind: 'parameter-missing', method: 'cidr' } },
    { text: 'interface=', problem: { kind: 'parameter-missing', method: 'interface' } },
    {
      text: 'cidr=10.0.0.1/8',
      problem: {
        kind: 'bad-cidr',
        method: 'cidr',
        parameter: '10.0.0.1/8',
        problem: { kind: 'host-bits', canonical: '10.0.0.0/8' },
        isList: false,
      },
    },
    {
      text: 'cidr=10.0.0.0/8,172.16.0.0/12',
      problem: {
        kind: 'bad-cidr',
        method: 'cidr',
        parameter: '10.0.0.0/8,172.16.0.0/12',
        problem: { kind: 'unparsable' },
        isList: true,
      },
    },
    {
      text: 'can-reach=Www.google.com',
      problem: { kind: 'bad-destination', method: 'can-reach', parameter: 'Www.google.com' },
    },
    {
      text: 'can-reach=2001:DB8::68',
      problem: {
        kind: 'bad-destination',
        method: 'can-reach',
        parameter: '2001:DB8::68',
        ip: { kind: 'not-canonical', canonical: '2001:db8::68' },
      },
    },
    {
      text: 'skip-interface=(eth',
      problem: {
        kind: 'bad-regex',
        method: 'skip-interface',
        parameter: '(eth',
        detail: 'missing closing )',
      },
    },
  ])('rejects $text', ({ text, problem }) => {
    expect(autodetectionProblem(text)).toEqual(problem);
  });
});
