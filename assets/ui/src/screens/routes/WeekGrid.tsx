/** The hours of a week to press or to draw over; arrows move, space presses. */
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import style from "./Routes.module.css";
import { hourOf } from "./week";

/** Monday first. */
const ORDER = [1, 2, 3, 4, 5, 6, 0];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

interface WeekGridProps {
  hours: ReadonlySet<number>;
  change: (hours: Set<number>) => void;
  label: string;
}

export function WeekGrid({ hours, change, label }: WeekGridProps) {
  const { t, i18n } = useTranslation();
  const [at, setAt] = useState({ row: 0, hour: 9 });
  const painting = useRef<boolean | undefined>(undefined);
  const table = useRef<HTMLTableElement>(null);
  const dayName = (day: number, weekday: "short" | "long") =>
    // 4 January 1970 was a Sunday.
    new Intl.DateTimeFormat(i18n.language, { weekday, timeZone: "UTC" }).format((3 + day) * 86_400_000);

  const paint = (index: number, on: boolean) => {
    const next = new Set(hours);
    if (on) next.add(index);
    else next.delete(index);
    change(next);
  };
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = { row: (at.row + step[0] + 7) % 7, hour: (at.hour + step[1] + 24) % 24 };
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.row}-${next.hour}"]`)?.focus();
  };

  return (
    <section className={style.grid} aria-label={label} onPointerUp={() => (painting.current = undefined)}>
      <table ref={table} onKeyDown={move}>
        <thead>
          <tr>
            <td />
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour % 3 === 0 ? hour : <span className={style.hidden}>{hour}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ORDER.map((day, row) => (
            <tr key={day}>
              <th scope="row">{dayName(day, "short")}</th>
              {HOURS.map((hour) => {
                const index = hourOf(day, hour);
                const on = hours.has(index);
                return (
                  <td key={hour}>
                    <button
                      type="button"
                      className={style.hour}
                      data-at={`${row}-${hour}`}
                      tabIndex={at.row === row && at.hour === hour ? 0 : -1}
                      aria-pressed={on}
                      aria-label={t("routes.interval.hour", {
                        day: dayName(day, "long"),
                        from: hour,
                        to: hour + 1,
                      })}
                      onFocus={() => setAt({ row, hour })}
                      onPointerDown={(event) => {
                        event.currentTarget.releasePointerCapture?.(event.pointerId);
                        painting.current = !on;
                        paint(index, !on);
                      }}
                      onPointerEnter={(event) => {
                        if (event.buttons === 1 && painting.current !== undefined)
                          paint(index, painting.current);
                      }}
                      // The pointer has painted already; this is the keyboard.
                      onClick={(event) => (event.detail === 0 ? paint(index, !on) : undefined)}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
