import { describe, expect, it } from 'vitest';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { registry } from '../support/registry.ts';
import { collectMessages } from './messages-page.ts';

describe('messages', () => {
  const found = collectMessages(registry);
  const ids = [...listRules(registry), ...listMutations(registry)].map((entry) => entry.id);

  it('match the one pattern, and stay short', () => {
    for (const message of [...found.values()].flatMap((ofRule) => [...ofRule.keys()])) {
      expect(message).toMatch(/^[^;]+?(?: \(got .+\))?; .+[^.]$/);
      expect(message.length, message).toBeLessThanOrEqual(200);
    }
  });

  it('come from every rule', () => {
    // These only fill in, and replace nothing that they would have to name.
    expect(ids.filter((id) => !found.has(id))).toEqual(['overlay-default', 'overlay-kept']);
  });
});
