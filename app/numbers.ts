/** Numbers as people read them: thousands apart, errors to two digits, bytes and times by size. */

import { errorDecimals } from '../core/hist/rounding.ts';

/** Formats by their least and most decimals: making one takes longer than using it a hundred times. */
const formats = new Map<string, Intl.NumberFormat>();

function decimal(x: number, least: number, most: number): string {
  const key = `${least},${most}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, format);
  }
  return format.format(x);
}

/** `1,234,567`. */
export function formatCount(n: number): string {
  return Number.isFinite(n) ? decimal(n, 0, 0) : '–';
}

/** About `digits` significant digits; thousands apart; a power of ten where the number is very large or small. */
export function formatNumber(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? '–' : x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e9 || size < 1e-4) return power(x, digits);
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(decimal(x, 0, Math.min(places, 10)));
}

/** A value with as many decimals as its error's two leading digits: `1,234.6 ± 3.4`. */
export function formatWithError(value: number, error: number): [value: string, error: string] {
  if (!Number.isFinite(error) || error <= 0) return [formatNumber(value, 6), formatNumber(error, 2)];
  const size = Math.max(Math.abs(value), error);
  if (size >= 1e12 || error < 1e-6) return [formatNumber(value, 5), formatNumber(error, 2)];
  const places = errorDecimals(error);
  return [minus(decimal(value, places, places)), decimal(error, places, places)];
}

/** `46.2 %`; more digits near 0 and near 100, so that a small efficiency is not 0 and a loss is seen. */
export function formatPercent(fraction: number): string {
  if (!Number.isFinite(fraction)) return '–';
  const percent = fraction * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (Math.abs(percent) < 0.1) return `${formatNumber(percent, 2)} %`;
  return `${percent.toFixed(percent < 10 || (percent > 99.9 && percent < 100) ? 2 : 1)} %`;
}

/** `12.3 MB`: powers of 1,000, as servers and disks count. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? formatCount(value) : value.toPrecision(3)} ${units[unit]}`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

/** `3.4 M`: for rates, where the last digits only flicker. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '–';
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toPrecision(3)} M`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toPrecision(3)} k`;
  return formatCount(perSecond);
}

function power(x: number, digits: number): string {
  const [mantissa, exponent] = x.toExponential(digits - 1).split('e') as [string, string];
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${minus(trimmed)}×10${superscript(Number(exponent))}`;
}

/** `−12` → `⁻¹²`. */
export function superscript(n: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return [...String(n)].map((c) => (c === '-' ? '⁻' : digits[Number(c)])).join('');
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
