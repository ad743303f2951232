/** All accounts; each opens beside the list. */
import { IconCircleCheck, IconPlayerPause, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { users } from "../../api/accounts";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import { useGrantWords } from "./grantWords";
import style from "./Users.module.css";

export function Accounts() {
  const { t } = useTranslation();
  const words = useGrantWords();
  const query = useQuery(users());
  return (
    <>
      <Stale query={query} title={t("users.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading />
          )
        ) : query.data.items.length === 0 ? (
          <Empty icon={IconUsers} title={t("users.none")} />
        ) : (
          <Table
            label={t("users.tab.accounts")}
            head={
              <tr>
                <th>{t("users.column.name")}</th>
                <th>{t("users.role")}</th>
                <th>{t("users.scope")}</th>
                <th>{t("users.column.state")}</th>
                <th data-wide>{t("resource.updated")}</th>
              </tr>
            }
          >
            {query.data.items.map(({ name, spec, updated }) => (
              <tr key={name}>
                <td>
                  <Link to="/system/users/$name" params={{ name }} search={true} className={style.link}>
                    {name}
                  </Link>
                  {spec.title ? <div className={style.quiet}>{spec.title}</div> : null}
                </td>
                <td data-nowrap>{words.role(spec.role)}</td>
                <td className={style.scope}>
                  {words.scope(spec.scope)}
                  {(spec.also ?? []).map((grant) => (
                    <div key={`${grant.role} ${grant.scope.join()}`} className={style.quiet}>
                      {t("users.also", { role: words.role(grant.role), scope: words.scope(grant.scope) })}
                    </div>
                  ))}
                </td>
                <td data-nowrap>
                  {spec.disabled ? (
                    <Chip tone="muted" icon={IconPlayerPause} text={t("users.disabled")} />
                  ) : (
                    <Chip tone="ok" icon={IconCircleCheck} text={t("users.enabled")} />
                  )}
                </td>
                <td data-wide data-nowrap data-quiet>
                  <Ago at={updated} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
    </>
  );
}
