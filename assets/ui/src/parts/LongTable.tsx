/**
 * Tables of any length: only the rows in sight exist. Real `table`s, so that screen readers know
 * rows and columns; spacers stand for what is not there. `LongTable` asks the server for the pages
 * in sight, `ListTable` has everything at hand.
 */
import { Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type QueryKey, type UseQueryOptions, useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useRef } from "react";
import { offsetsOf } from "./longTable";
import style from "./Table.module.css";
import { usePainted } from "./usePainted";

/** So many rows are kept ready beyond the edges. */
const BEYOND = 12;
/** What the page has above the rows, as in the style sheet; a first guess of their room. */
const ABOVE = 250;
const LEAST = 420;

export interface Column {
  key: string;
  head: ReactNode;
  /** CSS width; the columns stand in the order of the cells. */
  width: string;
  /** Left out on narrow screens, as its cells are (`data-wide`). */
  wide?: boolean;
  number?: boolean;
}

interface Common<Item> {
  label: string;
  columns: readonly Column[];
  /** The cells of one row; `columns` are shown, for a cell that spans them all. */
  row: (item: Item, index: number, columns: number) => ReactNode;
  keyOf: (item: Item) => string;
  rowClass?: (item: Item) => string | undefined;
  /** Height of a usual row in pixels; others are measured. */
  height?: number;
  busy?: boolean;
}

interface Paged<Item> {
  items: Item[];
  total: number;
}

interface LongTableProps<Item, Answer extends Paged<Item>, Key extends QueryKey> extends Common<Item> {
  /** The page that starts at an offset, `size` items long. */
  page: (offset: number) => UseQueryOptions<Answer, Error, Answer, Key>;
  size: number;
  /** As of the first page. */
  total: number;
}

export function LongTable<Item, Answer extends Paged<Item>, Key extends QueryKey>(
  props: LongTableProps<Item, Answer, Key>,
) {
  const { page, size, total } = props;
  const rows = useRows(total, props.height);
  const offsets = offsetsOf(rows.shown.at(0)?.index ?? 0, rows.shown.at(-1)?.index ?? 0, size);
  const pages = useQueries({
    queries: offsets.map((offset) =>
      // What stood at another offset before says nothing about this one.
      offset === 0 ? page(0) : { ...page(offset), placeholderData: undefined },
    ),
  });
  const itemAt = (index: number): Item | undefined =>
    pages[offsets.indexOf(index - (index % size))]?.data?.items[index % size];
  return <Frame {...props} rows={rows} total={total} itemAt={itemAt} />;
}

interface ListTableProps<Item> extends Common<Item> {
  items: readonly Item[];
}

export function ListTable<Item>(props: ListTableProps<Item>) {
  const { items, keyOf, height } = props;
  // Rows move when groups are folded: their measured heights go with them.
  const rows = useRows(items.length, height, (index) => {
    const item = items[index];
    return item === undefined ? index : keyOf(item);
  });
  return <Frame {...props} rows={rows} total={items.length} itemAt={(index) => items[index]} />;
}

function useRows(count: number, height = 48, keyAt?: (index: number) => number | string) {
  const scroller = useRef<HTMLElement>(null);
  const painted = usePainted();
  const all = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    // The rows in sight come first, and alone.
    initialRect: { width: 0, height: Math.max(LEAST, window.innerHeight - ABOVE) },
    overscan: painted ? BEYOND : 0,
    ...(keyAt ? { getItemKey: keyAt } : {}),
  });
  const shown = all.getVirtualItems();
  const before = shown.at(0)?.start ?? 0;
  const after = all.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return {
    scroller: scroller as RefObject<HTMLElement | null>,
    measure: painted ? all.measureElement : undefined,
    shown,
    before,
    after,
  };
}

interface FrameProps<Item> extends Common<Item> {
  rows: ReturnType<typeof useRows>;
  total: number;
  /** `undefined` while it is on its way. */
  itemAt: (index: number) => Item | undefined;
}

function Frame<Item>(props: FrameProps<Item>) {
  const { label, columns, rows, total, itemAt, keyOf, row, rowClass, height = 48, busy = false } = props;
  const narrow = useMediaQuery("(max-width: 60em)");
  // Hidden ones must not be spanned: that would make a column of its own.
  const spanned = columns.filter(({ wide }) => !(narrow && wide)).length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={rows.scroller} className={style.long} aria-label={label} tabIndex={0}>
      <table className={style.table} data-fixed aria-rowcount={total + 1} aria-busy={busy || undefined}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, head, width, wide, number }) => (
              <th key={key} style={{ width }} data-wide={wide || undefined} data-number={number || undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={rows.before} columns={spanned} />
          {rows.shown.map(({ index, key }) => {
            const item = itemAt(index);
            return (
              <tr
                key={item === undefined ? key : keyOf(item)}
                ref={rows.measure}
                data-index={index}
                aria-rowindex={index + 2}
                className={item === undefined ? undefined : rowClass?.(item)}
              >
                {item === undefined ? (
                  <td colSpan={spanned} style={{ height }}>
                    <Skeleton height={16} radius="sm" />
                  </td>
                ) : (
                  row(item, index, spanned)
                )}
              </tr>
            );
          })}
          <Spacer height={rows.after} columns={spanned} />
        </tbody>
      </table>
    </section>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden data-spacer>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
