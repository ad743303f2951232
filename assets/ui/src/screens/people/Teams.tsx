/** Teams: who belongs to them, what they look after, who is told for them. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { objects, titleOf } from "../../api/objects";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import { ReachLine } from "../../parts/ReachLine";
import cells from "../../parts/Table.module.css";
import style from "./People.module.css";

export function Teams() {
  const { t, i18n } = useTranslation();
  const contacts = useQuery(objects("contact")).data?.items ?? [];
  const projects = useQuery(objects("project")).data?.items ?? [];
  const list = (items: string[]) => new Intl.ListFormat(i18n.language, { style: "narrow" }).format(items);
  const called = (name: string) => {
    const contact = contacts.find((each) => each.name === name);
    return contact ? titleOf(contact) : name;
  };
  return (
    <ObjectList
      kind="team"
      label={t("people.tab.teams")}
      empty={{ title: t("people.team.none"), text: t("people.team.none_text") }}
      head={
        <tr>
          <th>{t("form.title")}</th>
          <th>{t("people.team.members")}</th>
          <th>{t("people.team.receiver")}</th>
          <th data-wide>{t("people.team.projects")}</th>
        </tr>
      }
      row={(team) => (
        <tr key={team.name}>
          <TitleCell object={team}>
            <Link
              to="/people/$kind/$name"
              params={{ kind: "team", name: team.name }}
              search={true}
              className={cells.link}
            >
              {titleOf(team)}
            </Link>
          </TitleCell>
          <td>{list((team.spec.members ?? []).map(called)) || t("form.none")}</td>
          <td>
            {team.spec.receiver ? (
              <ReachLine receiver={team.spec.receiver} />
            ) : (
              <span className={style.warn}>{t("people.team.nobody")}</span>
            )}
          </td>
          <td data-wide>
            {list(projects.filter(({ spec }) => spec.team === team.name).map(titleOf)) || t("form.none")}
          </td>
        </tr>
      )}
    />
  );
}
