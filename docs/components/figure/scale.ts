import {round} from "./layout.ts";

export type Scale = (value: number) => number;

/**
 * A straight line from one range of numbers to another. Figures in the browser
 * need no more of a scale, and d3's would bring its colours, formats and
 * interpolators with it: 13 kB compressed on each page.
 */
export function linear([d0, d1]: readonly [number, number], [r0, r1]: readonly [number, number]): Scale {
  const slope = (r1 - r0) / (d1 - d0);
  return (value) => r0 + (value - d0) * slope;
}

type Pixel = readonly [x: number, y: number];

const corner = ([x, y]: Pixel): string => `${round(x)},${round(y)}`;

/** The path through points, to a hundredth of a pixel; empty where there are none. */
export const pathThrough = (points: readonly Pixel[]): string => (points.length === 0 ? "" : `M${points.map(corner).join("L")}`);

/** The outline of what lies between two lines over the same places: along the upper one and back along the lower. */
export const outline = (upper: readonly Pixel[], lower: readonly Pixel[]): string => (upper.length === 0 ? "" : `${pathThrough([...upper, ...lower.toReversed()])}Z`);
