import { describe, expect, it } from 'vitest';
import { chooseProvider, PROVIDERS } from '../../src/targets/providers.ts';

describe('the provider', () => {
  it.each([
    { own: 'azure', fromPath: undefined, provider: 'azure', isKnown: true },
    { own: 'azure', fromPath: 'gcp', provider: 'azure', isKnown: true },
    { own: 'azure', fromPath: 'nowhere', provider: 'azure', isKnown: true },
    { own: 'stackit', fromPath: undefined, provider: 'stackit', isKnown: true },
    { own: undefined, fromPath: 'gcp', provider: 'gcp', isKnown: true },
    { own: '', fromPath: 'gcp', provider: 'gcp', isKnown: true },
    { own: undefined, fromPath: 'nowhere', provider: 'nowhere', isKnown: false },
    { own: '', fromPath: 'Azure', provider: 'Azure', isKnown: false },
    { own: undefined, fromPath: undefined, provider: undefined, isKnown: true },
  ])('of an object with $own at a path with $fromPath', ({ own, fromPath, provider, isKnown }) => {
    expect(chooseProvider(own, fromPath)).toEqual({ provider, isKnown });
  });

  it.each(PROVIDERS)('may come from the path: %s', (name) => {
    expect(chooseProvider(undefined, name)).toEqual({ provider: name, isKnown: true });
  });
});
