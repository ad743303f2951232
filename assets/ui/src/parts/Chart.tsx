/**
 * Time series with an optional threshold and spans. uPlot draws on a canvas, so the figure tells
 * in words what is on it, arrow keys move the cursor, and a table shows the same.
 */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import style from "./Chart.module.css";
import { columnsOf, type Line, lineColours, type Span } from "./chart";
import { chartOptions, dragThreshold } from "./chartOptions";
import { humanNumber } from "./number";
import { absolute } from "./time";

export interface ChartProps {
  title: string;
  lines: readonly Line[];
  /** Seconds since the epoch. */
  from: number;
  to: number;
  threshold?: number | undefined;
  /** Which side of it is bad. */
  above?: boolean;
  spans?: readonly Span[];
  height?: number;
  /** The threshold line was dragged. */
  moveThreshold?: ((value: number) => void) | undefined;
}

export default function Chart(props: ChartProps) {
  const { title, lines, from, to, threshold, above = true, spans = [], height = 260, moveThreshold } = props;
  const { i18n } = useTranslation();
  const scheme = useComputedColorScheme("light");
  const colours = useMemo(
    () =>
      lineColours(
        lines.map((line) => line.name),
        scheme,
      ),
    [lines, scheme],
  );
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const move = useRef(moveThreshold);
  move.current = moveThreshold;
  const [said, setSaid] = useState("");

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = Math.max(element.clientWidth, 120);
    const made = new uPlot(
      chartOptions({
        width,
        colours,
        height,
        lines,
        from,
        to,
        threshold,
        above,
        spans,
        element,
        language: i18n.language,
      }),
      columnsOf(lines),
      element,
    );
    chart.current = made;
    const stop = dragThreshold(made, threshold, (value) => move.current?.(value));
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(element.clientWidth, 120), height }),
    );
    observer.observe(element);
    return () => {
      stop();
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [lines, from, to, threshold, above, spans, height, colours, i18n.language]);

  const walk = (event: KeyboardEvent) => {
    const made = chart.current;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (made === null || step === undefined) return;
    event.preventDefault();
    const times = made.data[0];
    const at = Math.min(Math.max((made.cursor.idx ?? times.length - 1) + step, 0), times.length - 1);
    made.setCursor({ left: made.valToPos(times[at] ?? from, "x"), top: made.over.clientHeight / 2 });
    const values = lines.slice(0, 5).map((line) => `${line.name} ${humanNumber(line.values[at]?.[1])}`);
    setSaid(`${absolute((times[at] ?? 0) * 1000, i18n.language)}: ${values.join(", ")}`);
  };

  return (
    <figure className={style.figure} aria-label={title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor of the chart */}
      <div ref={place} className={style.plot} tabIndex={0} role="img" aria-label={title} onKeyDown={walk} />
      <div className={style.legend}>
        {lines.slice(0, 8).map((line, at) => (
          <span key={line.name} className={style.entry} title={line.name}>
            <i style={{ background: colours[at] }} />
            {line.name}
          </span>
        ))}
        {lines.length > 8 ? <span className={style.entry}>{`+${lines.length - 8}`}</span> : null}
      </div>
      <div className={style.said} aria-live="polite">
        {said}
      </div>
    </figure>
  );
}
