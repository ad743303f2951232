/** A metric by its name or by what its help text says. */
import { Autocomplete, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { metrics } from "../../api/rules";
import type { Metric } from "../../api/types";
import style from "./Rules.module.css";

interface MetricFinderProps {
  label: string;
  value: string;
  change: (name: string) => void;
  /** One was chosen from the list. */
  choose?: (metric: Metric) => void;
  placeholder?: string;
  width?: number | string;
  id?: string;
  leave?: () => void;
}

export function MetricFinder(props: MetricFinderProps) {
  const { label, value, change, choose, placeholder, width, id, leave } = props;
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(value.trim(), 150);
  const found = useQuery(metrics(asked)).data?.items ?? [];
  const byName = new Map(found.map((metric) => [metric.name, metric]));
  return (
    <Autocomplete
      {...(id ? { id } : {})}
      aria-label={label}
      placeholder={placeholder ?? label}
      data={[...byName.keys()]}
      // The server searched already, also in help texts.
      filter={({ options }) => options}
      value={value}
      onChange={change}
      onBlur={() => leave?.()}
      onOptionSubmit={(name) => {
        const metric = byName.get(name);
        if (metric) choose?.(metric);
      }}
      w={width ?? "100%"}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      maxDropdownHeight={320}
      renderOption={({ option }) => {
        const metric = byName.get(option.value);
        return (
          <span className={style.option}>
            {option.value}{" "}
            <Text span size="xs" c="dimmed">
              {[metric?.type, metric?.unit].filter(Boolean).join(", ")}
            </Text>
            {metric?.help ? <small>{metric.help}</small> : null}
          </span>
        );
      }}
      title={found.length === 0 && asked !== "" ? t("rules.metric.none") : ""}
    />
  );
}
