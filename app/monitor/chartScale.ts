/** The top of an axis that starts at 0: 1, 2 or 5 times a power of ten, and not under `least`; with as many steps as have round numbers. */
export function axisTop(largest: number, least: number): { top: number; steps: number } {
  const wanted = Math.max(largest, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const [factor, steps] = (
    [
      [1, 2],
      [2, 2],
      [5, 5],
      [10, 2],
    ] as const
  ).find(([one]) => wanted <= one * power * (1 + 1e-9))!;
  return { top: factor * power, steps };
}
