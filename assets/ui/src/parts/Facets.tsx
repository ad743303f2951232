/** Filter by values, with how many there are of each. Pressed ones are the filter; none = all. */
import { UnstyledButton } from "@mantine/core";
import style from "./Facets.module.css";

interface FacetsProps<Value extends string> {
  label: string;
  values: readonly { value: Value; text: string; count?: number | undefined }[];
  chosen: readonly Value[];
  choose: (values: Value[]) => void;
}

export function Facets<Value extends string>({ label, values, chosen, choose }: FacetsProps<Value>) {
  const toggle = (value: Value) =>
    choose(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <fieldset className={style.facets} aria-label={label}>
      {values.map(({ value, text, count }) => (
        <UnstyledButton
          key={value}
          className={style.facet}
          aria-pressed={chosen.includes(value)}
          onClick={() => toggle(value)}
        >
          {text}
          {count === undefined ? null : <span className={style.count}>{count}</span>}
        </UnstyledButton>
      ))}
    </fieldset>
  );
}
