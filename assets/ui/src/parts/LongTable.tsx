/**
 * A table over a list that the server pages: only the rows in sight exist, only the pages in sight
 * are asked for, and any place can be scrolled to at once. A real `table`, so that screen readers
 * know rows and columns; spacers stand for what is not there.
 */
import { Skeleton } from "@mantine/core";
import { type QueryKey, type UseQueryOptions, useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import { offsetsOf } from "./longTable";
import style from "./Table.module.css";

interface Paged<Item> {
  items: Item[];
  total: number;
}

interface LongTableProps<Item, Answer extends Paged<Item>, Key extends QueryKey> {
  label: string;
  /** Head cells; their widths make the columns, in the order of the cells of `row`. */
  columns: readonly { key: string; head: ReactNode; width: string; wide?: boolean; number?: boolean }[];
  /** The page that starts at an offset, `size` items long. */
  page: (offset: number) => UseQueryOptions<Answer, Error, Answer, Key>;
  size: number;
  /** As of the first page. */
  total: number;
  /** The cells of one row. */
  row: (item: Item, index: number) => ReactNode;
  keyOf: (item: Item) => string;
  /** Height of a usual row in pixels; others are measured. */
  height?: number;
  busy?: boolean;
}

export function LongTable<Item, Answer extends Paged<Item>, Key extends QueryKey>(
  props: LongTableProps<Item, Answer, Key>,
) {
  const { label, columns, page, size, total, row, keyOf, height = 48, busy = false } = props;
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const offsets = offsetsOf(shown.at(0)?.index ?? 0, shown.at(-1)?.index ?? 0, size);
  const pages = useQueries({
    queries: offsets.map((offset) =>
      // What stood at another offset before says nothing about this one.
      offset === 0 ? page(0) : { ...page(offset), placeholderData: undefined },
    ),
  });
  const itemAt = (index: number): Item | undefined => {
    const at = offsets.indexOf(index - (index % size));
    return pages[at]?.data?.items[index % size];
  };
  const before = shown.at(0)?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={scroller} className={style.long} aria-label={label} tabIndex={0}>
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
          <Spacer height={before} columns={columns.length} />
          {shown.map(({ index, key }) => {
            const item = itemAt(index);
            return (
              <tr
                key={item === undefined ? key : keyOf(item)}
                ref={rows.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
              >
                {item === undefined ? (
                  <td colSpan={columns.length} style={{ height }}>
                    <Skeleton height={16} radius="sm" />
                  </td>
                ) : (
                  row(item, index)
                )}
              </tr>
            );
          })}
          <Spacer height={after} columns={columns.length} />
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
