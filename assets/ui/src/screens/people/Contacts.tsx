/** Contacts: people with their addresses, and the teams they are in. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { objects, titleOf } from "../../api/objects";
import { Ago } from "../../parts/Ago";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import cells from "../../parts/Table.module.css";

export function Contacts() {
  const { t, i18n } = useTranslation();
  const teams = useQuery(objects("team")).data?.items ?? [];
  const list = (items: string[]) => new Intl.ListFormat(i18n.language, { style: "narrow" }).format(items);
  return (
    <ObjectList
      kind="contact"
      label={t("people.tab.contacts")}
      empty={{ title: t("people.contact.none"), text: t("people.contact.none_text") }}
      head={
        <tr>
          <th>{t("form.title")}</th>
          <th>{t("people.contact.mail")}</th>
          <th data-wide>{t("people.contact.phone")}</th>
          <th>{t("people.tab.teams")}</th>
          <th data-wide>{t("resource.updated")}</th>
        </tr>
      }
      row={(contact) => (
        <tr key={contact.name}>
          <TitleCell object={contact}>
            <Link
              to="/people/$kind/$name"
              params={{ kind: "contact", name: contact.name }}
              search={true}
              className={cells.link}
            >
              {titleOf(contact)}
            </Link>
          </TitleCell>
          <td>{contact.spec.mail ?? t("form.none")}</td>
          <td data-wide>{contact.spec.phone ?? t("form.none")}</td>
          <td>
            {list(teams.filter(({ spec }) => spec.members?.includes(contact.name)).map(titleOf)) ||
              t("form.none")}
          </td>
          <td data-wide data-quiet data-nowrap>
            <Ago at={contact.updated} />
          </td>
        </tr>
      )}
    />
  );
}
