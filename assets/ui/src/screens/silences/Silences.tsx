/** What is silenced, for how long, why; and the ways to make it longer or to end it. */
import { Button, Group } from "@mantine/core";
import { IconBellOff, IconFilterOff, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type ObservedSilence, type SilenceState, silences } from "../../api/told";
import { list } from "../../app/search";
import { useMayChange } from "../../app/session";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import { useKeys } from "../../shell/keys";
import { SilenceTable } from "./SilenceTable";
import { textsOf } from "./silence";

const route = getRouteApi("/silences");
const states: readonly SilenceState[] = ["active", "pending", "expired"];
/** Without a filter those that are over stay out of the way. */
const CURRENT: readonly SilenceState[] = ["active", "pending"];

export function Silences() {
  const { t } = useTranslation();
  const { q, state } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMayChange("silence");
  const query = useQuery(silences());
  const filter = (change: Partial<Record<"q" | "state", string>>) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace: true });
  useKeys([
    {
      key: "n",
      text: t("silences.new"),
      act: () => void navigate({ to: "/silences/new", search: {} }),
    },
  ]);

  const all = (query.data?.items ?? []).filter((silence) => matches(silence, q));
  const wanted = state === undefined ? CURRENT : list<SilenceState>(state);
  const shown = all.filter((silence) => wanted.includes(silence.state));
  return (
    <Page
      title={t("silences.title")}
      lead={t("silences.lead")}
      actions={
        may ? (
          <ButtonLink to="/silences/new" search={{}} leftSection={<IconPlus size={16} aria-hidden />}>
            {t("silences.new")}
          </ButtonLink>
        ) : null
      }
    >
      <Group gap="sm">
        <SearchBox label={t("silences.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Facets<SilenceState>
          label={t("silences.filter_state")}
          chosen={list<SilenceState>(state)}
          choose={(values) => filter({ state: values.join(",") })}
          values={states.map((value) => ({
            value,
            text: t(`silences.state.${value}`),
            count: all.filter((silence) => silence.state === value).length,
          }))}
        />
      </Group>
      <Stale query={query} title={t("silences.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading />
          )
        ) : shown.length > 0 ? (
          <SilenceTable silences={shown} />
        ) : q !== undefined || state !== undefined ? (
          <Empty
            icon={IconFilterOff}
            title={t("silences.no_match")}
            action={
              <Button variant="default" onClick={() => filter({ q: "", state: "" })}>
                {t("action.clear_filters")}
              </Button>
            }
          />
        ) : (
          <Empty icon={IconBellOff} title={t("silences.none")} text={t("silences.none_text")} />
        )}
      </Card>
      <Outlet />
    </Page>
  );
}

function matches(silence: ObservedSilence, q: string | undefined): boolean {
  if (q === undefined) return true;
  const text = [silence.name, silence.comment, silence.by, ...textsOf(silence.matchers)].join(" ");
  return q.split(/\s+/).every((word) => text.toLowerCase().includes(word.toLowerCase()));
}
