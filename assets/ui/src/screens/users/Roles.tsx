/** What roles there are, what each may do, and who holds it. Built-in ones stay as they are. */
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { objects } from "../../api/objects";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import { builtIn, useGrantWords } from "./grantWords";
import { Holders } from "./Holders";
import style from "./Users.module.css";

export function Roles() {
  const { t } = useTranslation();
  const words = useGrantWords();
  const query = useQuery(objects("role"));
  if (query.data === undefined && !query.error) return <Loading />;
  return (
    <>
      <Stale query={query} title={t("users.roles.failed")} />
      <Card flush>
        <Table
          label={t("users.tab.roles")}
          head={
            <tr>
              <th>{t("users.role")}</th>
              <th>{t("users.roles.may")}</th>
              <th>{t("users.roles.held")}</th>
            </tr>
          }
        >
          {builtIn.map((name) => (
            <tr key={name}>
              <td data-nowrap>
                <b>{words.role(name)}</b>
                <div>
                  <Chip tone="muted" icon={IconLock} text={t("users.roles.built_in")} />
                </div>
              </td>
              <td className={style.can}>{words.can(name)}</td>
              <td className={style.scope}>
                <Holders role={name} />
              </td>
            </tr>
          ))}
          {query.data?.items.map(({ name }) => (
            <tr key={name}>
              <td>
                <Link to="/system/users/role/$name" params={{ name }} search={true} className={style.link}>
                  {words.role(name)}
                </Link>
                {words.role(name) === name ? null : <div className={style.quiet}>{name}</div>}
              </td>
              <td className={style.can}>{words.can(name)}</td>
              <td className={style.scope}>
                <Holders role={name} />
              </td>
            </tr>
          ))}
        </Table>
      </Card>
    </>
  );
}
