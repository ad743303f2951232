/** Small graphs that stand in a line of text. What they show is said in `label`. */
import style from "./Spark.module.css";

const BAR = 7;
const GAP = 2;
const HEIGHT = 20;

/** One bar a value; none is a line at the bottom. */
export function Bars({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values);
  const width = values.length * (BAR + GAP) - GAP;
  return (
    <svg className={style.spark} width={width} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      {values.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(3, (value / most) * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
            key={at}
            x={at * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={1}
            data-none={value === 0 || undefined}
          />
        );
      })}
    </svg>
  );
}

export interface Point {
  /** Seconds since the epoch. */
  at: number;
  /** From 0 to 1. */
  value: number;
}

/** Shares over time; where points are missing there is no line. */
export function ShareLine({
  points,
  step,
  label,
}: {
  points: readonly Point[];
  step: number;
  label: string;
}) {
  const from = points.at(0)?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 1) - from);
  const place = ({ at, value }: Point) => `${((at - from) / span) * 300},${2 + (1 - value) * 44}`;
  return (
    <svg
      className={style.spark}
      viewBox="0 0 300 48"
      width="100%"
      height={48}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {runs(points, step).map((run) => (
        <polyline key={run[0]?.at} points={run.map(place).join(" ")} />
      ))}
    </svg>
  );
}

/** Points without a hole between them. */
export function runs(points: readonly Point[], step: number): Point[][] {
  const all: Point[][] = [];
  for (const point of points) {
    const run = all.at(-1);
    const last = run?.at(-1);
    if (run && last && point.at - last.at <= step * 2) run.push(point);
    else all.push([point]);
  }
  return all;
}
