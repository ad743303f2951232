/** Every change: who, when, what, why. The newest first; any two can be compared. */
import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconArrowsDiff, IconHistoryOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { history } from "../../api/queries";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { kinds, useKindWords } from "../../parts/kindWords";
import { Loading } from "../../parts/Loading";
import { ButtonLink, CloseLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import { Compare } from "./Compare";
import { HistoryList } from "./HistoryList";

const route = getRouteApi("/system/history");

export function History() {
  const { t } = useTranslation();
  const { word } = useKindWords();
  const { q, kind, name, by, before, rev, against } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(history({ q, kind, name, by, before }));
  const [chosen, setChosen] = useState<string[]>([]);
  const filter = (change: Partial<Record<"q" | "kind" | "name" | "by", string>>) =>
    void navigate({
      to: ".",
      search: (old) => ({ ...old, before: undefined, ...change }),
      replace: true,
    });
  const compare = (pair: readonly string[]) => {
    const [older, newer] = [...pair].sort((a, b) => Number(a) - Number(b));
    void navigate({ to: ".", search: (old) => ({ ...old, rev: newer, against: older }) });
  };
  const toggle = (revision: string) =>
    setChosen((old) =>
      old.includes(revision) ? old.filter((each) => each !== revision) : [...old.slice(-1), revision],
    );

  return (
    <Page
      title={t("history.title")}
      lead={t("history.lead")}
      actions={
        <Button
          variant="default"
          leftSection={<IconArrowsDiff size={16} aria-hidden />}
          disabled={chosen.length !== 2}
          title={chosen.length === 2 ? "" : t("history.choose_two")}
          onClick={() => compare(chosen)}
        >
          {t("history.compare", { count: chosen.length })}
        </Button>
      }
    >
      <Group gap="sm">
        <SearchBox label={t("history.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Select
          aria-label={t("history.filter_kind")}
          placeholder={t("history.any_kind")}
          data={kinds.map((value) => ({ value, label: word(value) }))}
          value={kind ?? null}
          onChange={(value) => filter({ kind: value ?? "", name: "" })}
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          searchable
          w={180}
        />
        <By value={by ?? ""} change={(value) => filter({ by: value })} />
        {name ? (
          <Group gap={4}>
            {t("history.only", { object: [kind ? word(kind) : "", name].filter(Boolean).join(" ") })}
            <CloseLink
              to="/system/history"
              search={{ kind: undefined, name: undefined }}
              aria-label={t("history.all")}
            />
          </Group>
        ) : null}
      </Group>
      <Stale query={query} title={t("history.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.items.length === 0 ? (
          <Empty icon={IconHistoryOff} title={t("history.none")} />
        ) : (
          <HistoryList
            items={query.data.items}
            busy={query.isPlaceholderData}
            chosen={chosen}
            toggle={toggle}
          />
        )}
      </Card>
      <Group>
        {before ? (
          <ButtonLink to="/system/history" search={{ q, kind, name, by }} variant="default">
            {t("history.newest")}
          </ButtonLink>
        ) : null}
        {query.data?.next ? (
          <ButtonLink
            to="/system/history"
            search={{ q, kind, name, by, before: query.data.next }}
            variant="default"
          >
            {t("history.older")}
          </ButtonLink>
        ) : null}
      </Group>
      {rev && against ? (
        <Compare
          revision={rev}
          against={against}
          close={() =>
            void navigate({ to: ".", search: (old) => ({ ...old, rev: undefined, against: undefined }) })
          }
        />
      ) : null}
      <Outlet />
    </Page>
  );
}

/** The account, as typed; asked for after a short pause. */
function By({ value, change }: { value: string; change: (value: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(change, 250);
  return (
    <TextInput
      aria-label={t("history.filter_by")}
      placeholder={t("history.any_by")}
      w={160}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
    />
  );
}
