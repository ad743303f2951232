/** Routes for experts: branches as Alertmanager knows them, beside the policies. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { titleOf } from "../../api/objects";
import { Ago } from "../../parts/Ago";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import { ReachLine } from "../../parts/ReachLine";
import { read } from "./Inhibitions";
import style from "./Routes.module.css";
import { conditionWords } from "./words";

export function ExpertRoutes() {
  const { t, i18n } = useTranslation();
  return (
    <ObjectList
      kind="route"
      label={t("routes.tab.routes")}
      empty={{ title: t("routes.route.none"), text: t("routes.route.none_text") }}
      order={(a, b) => a.spec.order - b.spec.order || a.name.localeCompare(b.name)}
      head={
        <tr>
          <th data-number data-wide>
            {t("routes.order")}
          </th>
          <th>{t("form.title")}</th>
          <th>{t("routes.matchers")}</th>
          <th>{t("routes.policy.line_receiver")}</th>
          <th data-wide>{t("resource.updated")}</th>
        </tr>
      }
      row={(route) => (
        <tr key={route.name}>
          <td data-number data-wide>
            {route.spec.order}
          </td>
          <TitleCell object={route}>
            <Link
              to="/routes/$kind/$name"
              params={{ kind: "route", name: route.name }}
              search={true}
              className={style.link}
            >
              {titleOf(route)}
            </Link>
          </TitleCell>
          <td>
            {conditionWords(t, i18n.language, [
              ...(route.spec.project ? read([`project="${route.spec.project}"`]) : []),
              ...read(route.spec.matchers ?? []),
            ])}
          </td>
          <td>
            <ReachLine receiver={route.spec.receiver} />
          </td>
          <td data-wide data-quiet data-nowrap>
            <Ago at={route.updated} />
          </td>
        </tr>
      )}
    />
  );
}
