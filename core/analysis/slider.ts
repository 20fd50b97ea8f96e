import type { Definition, Slider } from './document.ts';

/** Where a slider goes, whatever it moves. */
type Scale = Pick<Slider, 'range'> & Partial<Slider>;

/** The slider's definition as a number; undefined where it is not there or no number. */
export function sliderValue({ name }: Slider, define: readonly Definition[]): number | undefined {
  const value = Number(define.find((d) => d.name === name)?.expression ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** The slider's step: as stated, else the 1, 2 or 5 times a power of ten that gives 50 to 125 steps. */
export function sliderStep({ range: [low, high], step }: Scale): number {
  if (step !== undefined) return step;
  return roundStep((high - low) / 125);
}

/** The first of 1, 2 or 5 times a power of ten that is not below. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((s) => s >= least) ?? least;
}

/** The position of the slider that is nearest to a value, without the digits that sums of steps leave behind. */
export function snapped(slider: Scale, value: number): number {
  const [low, high] = slider.range;
  const step = sliderStep(slider);
  const digits = Math.min(12, decimals(step) + decimals(low));
  const position = low + Math.round((value - low) / step) * step;
  return Number(Math.min(high, Math.max(low, position)).toFixed(digits));
}

/** Digits behind the point that a number is written with. */
function decimals(x: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(x)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}
