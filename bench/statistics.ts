/** The median of `values`, which must not be empty. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return (low + high) / 2;
}

/**
 * The exponent `k` of `y ≈ c·xᵏ`: the slope of the straight line that fits the points best (least squares) where
 * both axes are logarithmic. 1 is linear, 2 quadratic.
 */
export function exponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (axis: 0 | 1) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const rise = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const run = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return rise / run;
}

/** The quantile `part` (0 to 1) of the sorted `values`; NaN when there are none. */
export function quantile(values: readonly number[], part: number): number {
  return values[Math.max(0, Math.ceil(values.length * part) - 1)] ?? Number.NaN;
}
