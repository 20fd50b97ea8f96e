/** Colours of a heat map's cells. */
import { HEAT_SCALE } from '../../plots/palette.ts';

const STOPS = HEAT_SCALE.map(([, hex]) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

/** Cividis between its stops. @param shade 0 … 1 */
export function shadeColour(shade: number): string {
  const [r, g, b] = mixed(shade);
  return `rgb(${r},${g},${b})`;
}

/** Black or white, whichever is read better on the shade (WCAG relative luminance). */
export function inkOn(shade: number): string {
  const [r, g, b] = mixed(shade).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}

function mixed(shade: number): number[] {
  const at = Math.max(0, Math.min(1, shade)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[below]!.map((from, i) => Math.round(from + (STOPS[below + 1]![i]! - from) * (at - below)));
}
