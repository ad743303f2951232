/** The entries of a time interval as fields: everything that Alertmanager can say. */
import { Button, Stack, TagsInput, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Row } from "../../parts/form/Row";
import style from "./Routes.module.css";
import { days, type Entry, emptyEntry } from "./week";

const lists = ["times", "weekdays", "days_of_month", "months", "years"] as const;
const suggestions: Partial<Record<(typeof lists)[number], readonly string[]>> = {
  weekdays: ["monday:friday", ...days],
};

interface IntervalEntriesProps {
  entries: Entry[];
  change: (entries: Entry[]) => void;
}

export function IntervalEntries({ entries, change }: IntervalEntriesProps) {
  const { t } = useTranslation();
  const put = (at: number, entry: Partial<Entry>) =>
    change(entries.map((each, index) => (index === at ? { ...each, ...entry } : each)));
  return (
    <Stack gap="sm">
      {entries.map((entry, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
        <div key={at} className={style.line}>
          <div className={style.lineHead}>
            <span>{t("routes.interval.entry", { number: at + 1 })}</span>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconTrash size={15} aria-hidden />}
              onClick={() => change(entries.filter((_, index) => index !== at))}
            >
              {t("action.delete")}
            </Button>
          </div>
          <Row>
            {lists.map((list) => (
              <TagsInput
                key={list}
                label={t(`routes.interval.${list}`)}
                placeholder={entry[list].length === 0 ? t(`routes.interval.${list}_example`) : ""}
                data={[...(suggestions[list] ?? [])]}
                value={entry[list]}
                onChange={(values) => put(at, { [list]: values })}
                splitChars={[",", "\n"]}
                acceptValueOnBlur
              />
            ))}
            <TextInput
              label={t("routes.interval.location")}
              placeholder={t("routes.interval.location_example")}
              value={entry.location}
              onChange={({ currentTarget: { value } }) => put(at, { location: value.trim() })}
            />
          </Row>
        </div>
      ))}
      <Button
        variant="default"
        size="sm"
        style={{ alignSelf: "start" }}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => change([...entries, emptyEntry])}
      >
        {t("routes.interval.add")}
      </Button>
    </Stack>
  );
}
