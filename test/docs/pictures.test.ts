import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The pictures of docs/performance.md, as `npm run bench -- --write` draws them.

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
/** About as wide as a digit is. */
const DIGIT = 7.5;

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

function listNumbers(svg: string): Label[] {
  const labels = svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(\d+\.\d\d)<\/text>/g);
  return Array.from(labels, ([, x, y, text = '']) => ({ x: Number(x), y: Number(y), text }));
}

describe('performance.svg', () => {
  const svg = read('performance.svg');

  it('has a title, an axis and its unit', () => {
    expect(svg).toContain('>CPU time of a review, relative to bare Fastify<');
    expect(svg).toContain('>CPU time, as a multiple of that of bare Fastify<');
    for (const tick of ['0.0', '0.5', '1.0']) expect(svg).toContain(`>${tick}</text>`);
  });

  it('has white behind each number that the line at 1.00 would strike through', () => {
    const line = Number(/<line x1="([\d.]+)"[^>]*stroke-dasharray/.exec(svg)?.[1]);
    const struck = listNumbers(svg).filter(({ x, text }) => x <= line && line <= x + text.length * DIGIT);
    expect(listNumbers(svg).length).toBeGreaterThanOrEqual(8);
    for (const { x, y, text } of struck) {
      const white = `<rect x="${(x - 3).toFixed(1)}" y="${y - 14}" width="34" height="18" fill="#ffffff"/>`;
      expect(svg.indexOf(white), text).toBeGreaterThan(svg.indexOf('stroke-dasharray'));
    }
  });
});

describe('performance-growth.svg', () => {
  const svg = read('performance-growth.svg');
  const panels = svg.split('<g ').slice(1);

  it('has labels for its lines and axes', () => {
    expect(svg).toContain('>CPU time of a review, by what grows (both axes are logarithmic)<');
    expect(svg).toContain('>measured<');
    expect(svg).toContain('>in proportion to what grows<');
    expect(panels.length).toBeGreaterThanOrEqual(3);
    for (const panel of panels) {
      expect(panel).toContain('>CPU time, ms<');
      expect(panel.match(/text-anchor="end">[\d.]+<\/text>/g)?.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('keeps its numbers within their frames, on white', () => {
    for (const panel of panels) {
      const [, left, width] = /<rect x="(\d+)" y="24" width="(\d+)"/.exec(panel) ?? [];
      const right = Number(left) + Number(width);
      const numbers = panel.matchAll(
        /<text x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)" paint-order="stroke"[^>]*>([\d.]+)</g,
      );
      for (const [, x, anchor, text = ''] of numbers) {
        const wide = text.length * DIGIT;
        const begin = Number(x) - wide * (anchor === 'end' ? 1 : anchor === 'middle' ? 0.5 : 0);
        expect(begin, text).toBeGreaterThanOrEqual(Number(left));
        expect(begin + wide, text).toBeLessThanOrEqual(right);
      }
    }
  });
});
