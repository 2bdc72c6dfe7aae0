import { describe, expect, it } from 'vitest';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { loadDashboard } from '../monitoring/dashboard-file.ts';
import { registry } from '../support/registry.ts';
import { drawDashboard } from './dashboard-picture.ts';
import { SAMPLES } from './dashboard-samples.ts';

describe('docs/dashboard.svg', () => {
  it('is small enough for a page', () => {
    expect(Buffer.byteLength(drawDashboard(loadDashboard(), SAMPLES))).toBeLessThan(300_000);
  });

  it('has a colour of its own for each series of a legend', () => {
    const legends = drawDashboard(loadDashboard(), SAMPLES)
      .split('<g>')
      .map((panel) => [...panel.matchAll(/rx="1\.5" fill="(#\w+)"\/><text [^>]*>([^<]+)</g)])
      .filter((legend) => legend.length > 1);
    expect(legends.length).toBeGreaterThan(3);
    for (const legend of legends) {
      const colors = legend.map(([, color]) => color);
      expect(new Set(colors).size, legend.map(([, , name]) => name).join()).toBe(colors.length);
    }
  });

  it('has samples of panels that exist, and of nothing else', () => {
    const titles = loadDashboard().panels.map(({ title }) => title);
    expect(Object.keys(SAMPLES).filter((title) => !titles.includes(title))).toEqual([]);
  });

  it('names rules and mutations that exist', () => {
    const ids = [...listRules(registry), ...listMutations(registry)].map(({ id }) => id);
    const named = Object.values(SAMPLES).flatMap((panel) =>
      Object.values(panel)
        .flat()
        .flatMap(({ labels }) => [labels['rule'], labels['mutation']].filter((id) => id !== undefined)),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });
});
