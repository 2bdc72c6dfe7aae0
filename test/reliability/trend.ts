/** A straight line through points, by least squares. */
export interface Trend {
  readonly slope: number;
  /** Within so much to either side the true slope is, with 95 % confidence. */
  readonly margin: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** @param points at least three, at different x */
export function fitLine(points: readonly Point[]): Trend {
  return fitLines([points]);
}

/**
 * One slope for several stretches, each of which may lie higher or lower than the others: what grows grows in all of
 * them, and a step between two of them is none of its growth.
 * @param stretches together at least two points more than there are stretches, in each at different x
 */
export function fitLines(stretches: readonly (readonly Point[])[]): Trend {
  const centred = stretches.flatMap((points) => {
    const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
    const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
    return points.map(({ x, y }) => ({ x: x - meanX, y: y - meanY }));
  });
  const sxx = centred.reduce((sum, { x }) => sum + x ** 2, 0);
  const slope = centred.reduce((sum, { x, y }) => sum + x * y, 0) / sxx;
  const left = centred.reduce((sum, { x, y }) => sum + (y - slope * x) ** 2, 0);
  const freedom = centred.length - stretches.length - 1;
  // Student's t for 97.5 %, from three degrees of freedom up: at most 1 % too wide, and never too narrow.
  const t = 1.96 + 2.4 / freedom + 4 / freedom ** 2;
  return { slope, margin: t * Math.sqrt(left / freedom / sxx) };
}

/** The points between those that are left out, where at least three are together. */
export function splitWhere(points: readonly Point[], isLeftOut: (index: number) => boolean): Point[][] {
  const stretches: Point[][] = [[]];
  for (const [index, point] of points.entries()) {
    if (isLeftOut(index)) stretches.push([]);
    else stretches.at(-1)?.push(point);
  }
  return stretches.filter(({ length }) => length >= 3);
}

/** Means of so many neighbours each: what is measured in quick succession is hardly independent. */
export function inGroups(values: readonly number[], size: number): number[] {
  const groups = Math.floor(values.length / size);
  return Array.from({ length: groups }, (_, i) => {
    const group = values.slice(i * size, (i + 1) * size);
    return group.reduce((sum, each) => sum + each, 0) / size;
  });
}
