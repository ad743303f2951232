// How modules become files: a few instead of dozens of small ones, which cost a browser more to ask
// for than to read. What only one screen needs stays with that screen.

/** What lies over the page or drops down in it. */
const layers =
  /@mantine\/core\/esm\/components\/(Combobox|Drawer|FocusTrap|Modal|ModalBase|Overlay|Pill|PillsInput|Popover|ScrollArea|Select|TagsInput|MultiSelect|Textarea)\/|react-remove-scroll|aria-hidden|src\/parts\/(Panel|Dialog|useLayer|form\/)/;
/** What lists are made of. */
const lists =
  /@mantine\/core\/esm\/components\/(FloatingIndicator|Input|InputBase|SegmentedControl|Skeleton|TextInput)\/|@tanstack\/(react-virtual|virtual-core)|src\/parts\/(Chip|Copy|Facets|Labels|Loading|LongTable|Problem|SearchBox|Stale|Table|longTable|matchers|problemText|usePainted)\b/;

export const output = {
  codeSplitting: {
    groups: [
      // Not the entry itself: it waits for a language, and nobody else must wait for that.
      {
        name: "shell",
        tags: ["$initial"],
        test: (id) => !/\/(index\.html|src\/main\.tsx)$/.test(id),
        priority: 3,
      },
      { name: "layers", test: layers, minShareCount: 2, priority: 1 },
      { name: "lists", test: lists, minShareCount: 2, priority: 2 },
      // Before the layers: one icon that they share must not bring them all.
      { name: "icons", test: /@tabler\/icons-react\//, minShareCount: 2, priority: 2 },
    ],
  },
};
