/** Who did, or tried, what: newest first, searched and filtered; and whether it still holds. */
import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconDownload, IconListSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { audit, exportAddress } from "../../api/audit";
import { useMayEverywhere } from "../../app/session";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { kinds, useKindWords } from "../../parts/kindWords";
import { Loading } from "../../parts/Loading";
import { CloseLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import { AuditList } from "./AuditList";
import { Verify } from "./Verify";
import { useVerbWords, verbs } from "./verbWords";

const route = getRouteApi("/system/audit");

export function Audit() {
  const { t } = useTranslation();
  const { word } = useKindWords();
  const verbWord = useVerbWords();
  const search = route.useSearch();
  const { q, actor, verb, outcome, kind, name } = search;
  const navigate = route.useNavigate();
  const admin = useMayEverywhere("admin");
  const query = useInfiniteQuery(audit({ q, actor, verb, outcome, kind, name }));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (change: Partial<typeof search>) =>
    void navigate({ to: ".", search: (old) => ({ ...old, ...change }), replace: true });

  return (
    <Page
      title={t("audit.title")}
      lead={t(admin ? "audit.lead" : "audit.lead_own")}
      actions={
        admin ? (
          <>
            <Button
              component="a"
              href={exportAddress()}
              download="watchkeep-audit.jsonl"
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t("audit.export")}
            </Button>
            <Verify />
          </>
        ) : null
      }
    >
      <Group gap="sm">
        <SearchBox label={t("audit.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Select
          aria-label={t("audit.filter_verb")}
          placeholder={t("audit.any_verb")}
          data={verbs.map((value) => ({ value, label: verbWord(value) }))}
          value={verb ?? null}
          onChange={(value) => filter({ verb: value ?? undefined })}
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          searchable
          w={210}
        />
        <Select
          aria-label={t("audit.filter_outcome")}
          placeholder={t("audit.any_outcome")}
          data={[
            { value: "done", label: t("audit.outcome.done") },
            { value: "refused", label: t("audit.outcome.refused") },
          ]}
          value={outcome ?? null}
          onChange={(value) => filter({ outcome: value ?? undefined })}
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          w={150}
        />
        <Select
          aria-label={t("audit.filter_kind")}
          placeholder={t("audit.any_kind")}
          data={kinds.map((value) => ({ value, label: word(value) }))}
          value={kind ?? null}
          onChange={(value) => filter({ kind: value ?? undefined, name: undefined })}
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          searchable
          w={170}
        />
        <Actor value={actor ?? ""} change={(value) => filter({ actor: value || undefined })} />
        {name ? (
          <Group gap={4}>
            {t("audit.only", { object: [kind ? word(kind) : "", name].filter(Boolean).join(" ") })}
            <CloseLink
              to="/system/audit"
              search={{ kind: undefined, name: undefined }}
              aria-label={t("audit.all")}
            />
          </Group>
        ) : null}
      </Group>
      <Stale query={query} title={t("audit.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : items.length === 0 && !query.hasNextPage ? (
          <Empty icon={IconListSearch} title={t("audit.none")} />
        ) : (
          <AuditList items={items} />
        )}
      </Card>
      {query.hasNextPage ? (
        <Group>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("audit.older")}
          </Button>
          <Text size="sm" c="dimmed">
            {t("audit.shown", { count: items.length })}
          </Text>
        </Group>
      ) : null}
      <Outlet />
    </Page>
  );
}

/** The account, as typed; asked for after a short pause. */
function Actor({ value, change }: { value: string; change: (value: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(change, 250);
  return (
    <TextInput
      aria-label={t("audit.filter_actor")}
      placeholder={t("audit.any_actor")}
      w={160}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
    />
  );
}
