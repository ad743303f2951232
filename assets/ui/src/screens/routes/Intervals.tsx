/** Time intervals, and where each one is used. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Objects, objects, titleOf } from "../../api/objects";
import { Ago } from "../../parts/Ago";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import { intervalWords } from "./intervalWords";
import style from "./Routes.module.css";
import { entriesOf } from "./week";

export function Intervals() {
  const { t, i18n } = useTranslation();
  const policies = useQuery(objects("policy")).data?.items ?? [];
  const routes = useQuery(objects("route")).data?.items ?? [];
  const users = (name: string) => usersOf(name, policies, routes);
  return (
    <ObjectList
      kind="time-interval"
      label={t("routes.tab.intervals")}
      empty={{ title: t("routes.interval.none"), text: t("routes.interval.none_text") }}
      head={
        <tr>
          <th>{t("form.title")}</th>
          <th>{t("routes.interval.when")}</th>
          <th data-wide>{t("routes.interval.used_by")}</th>
          <th data-wide>{t("resource.updated")}</th>
        </tr>
      }
      row={(interval) => (
        <tr key={interval.name}>
          <TitleCell object={interval}>
            <Link
              to="/routes/$kind/$name"
              params={{ kind: "time-interval", name: interval.name }}
              search={true}
              className={style.link}
            >
              {titleOf(interval)}
            </Link>
          </TitleCell>
          <td>
            {entriesOf(interval.spec).map((entry) => {
              const words = intervalWords(t, i18n.language, entry);
              return <div key={words}>{words}</div>;
            })}
          </td>
          <td data-wide>{users(interval.name).join(", ") || t("form.none")}</td>
          <td data-wide data-quiet data-nowrap>
            <Ago at={interval.updated} />
          </td>
        </tr>
      )}
    />
  );
}

interface WithTimes {
  active_time_intervals?: string[];
  mute_time_intervals?: string[];
}

function usersOf(
  name: string,
  policies: readonly Objects["policy"][],
  routes: readonly Objects["route"][],
): string[] {
  const names = (spec: WithTimes) =>
    [...(spec.active_time_intervals ?? []), ...(spec.mute_time_intervals ?? [])].includes(name);
  return [
    ...policies.filter(({ spec }) => names(spec) || (spec.lines ?? []).some(names)),
    ...routes.filter(({ spec }) => names(spec)),
  ].map(titleOf);
}
