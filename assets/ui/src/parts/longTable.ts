/** Offsets of the pages of `size` items that hold the items `first` to `last`, inclusive. */
export function offsetsOf(first: number, last: number, size: number): number[] {
  const offsets = [];
  for (let offset = first - (first % size); offset <= last; offset += size) offsets.push(offset);
  return offsets.length === 0 ? [0] : offsets;
}
