/** Receivers: the channels of each, and how its newest notifications ended. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { titleOf } from "../../api/objects";
import { receipts } from "../../api/queries";
import { LastSent } from "../../parts/LastSent";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import cells from "../../parts/Table.module.css";
import { TestButton } from "../../parts/TestButton";
import { useReach } from "../../parts/useReach";
import style from "./People.module.css";

/** So many of the newest receipts are looked through. */
const NEWEST = 500;

export function Receivers() {
  const { t, i18n } = useTranslation();
  const reach = useReach();
  const newest = useQuery(receipts(NEWEST)).data?.items;
  const list = (items: string[]) => new Intl.ListFormat(i18n.language, { style: "narrow" }).format(items);
  return (
    <ObjectList
      kind="receiver"
      label={t("people.tab.receivers")}
      empty={{ title: t("people.receiver.none"), text: t("people.receiver.none_text") }}
      head={
        <tr>
          <th>{t("form.title")}</th>
          <th>{t("people.receiver.channels")}</th>
          <th>{t("sent.last")}</th>
          <th>{t("sent.test")}</th>
        </tr>
      }
      row={(receiver) => (
        <tr key={receiver.name}>
          <TitleCell object={receiver}>
            <Link
              to="/people/$kind/$name"
              params={{ kind: "receiver", name: receiver.name }}
              search={true}
              className={cells.link}
            >
              {titleOf(receiver)}
            </Link>
          </TitleCell>
          <td>
            {reach(receiver.name).channels.map(({ name, title, to }) => (
              <div key={name}>
                <Link to="/channels/$name" params={{ name }} className={cells.link}>
                  {title}
                </Link>{" "}
                <span className={style.quiet}>{list(to)}</span>
              </div>
            ))}
          </td>
          <td>
            <LastSent receipts={newest?.filter((receipt) => receipt.receiver === receiver.name)} />
          </td>
          <td data-nowrap>
            <TestButton kind="receiver" name={receiver.name} title={titleOf(receiver)} spec={receiver.spec} />
          </td>
        </tr>
      )}
    />
  );
}
