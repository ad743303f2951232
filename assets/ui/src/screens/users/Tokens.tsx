/** API tokens: what they may do, when they end, when and from where they were last used. */
import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { revokeToken, tokens, tokenUses } from "../../api/accounts";
import type { Token, TokenUse } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ProblemBox } from "../../parts/Problem";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import { Until } from "../../parts/Until";
import { useGrantWords } from "./grantWords";
import style from "./Users.module.css";

export function Tokens() {
  const { t } = useTranslation();
  const query = useQuery(tokens());
  const uses = useQuery(tokenUses()).data?.items ?? [];
  return (
    <>
      <Stale query={query} title={t("users.token.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading />
          )
        ) : query.data.items.length === 0 ? (
          <Empty icon={IconKey} title={t("users.token.none")} text={t("users.token.none_text")} />
        ) : (
          <Table
            label={t("users.tab.tokens")}
            head={
              <tr>
                <th>{t("users.column.name")}</th>
                <th>{t("users.role")}</th>
                <th>{t("users.scope")}</th>
                <th>{t("users.token.ends")}</th>
                <th>{t("users.token.used")}</th>
                <th data-wide>{t("users.token.from")}</th>
                <th>{t("users.column.actions")}</th>
              </tr>
            }
          >
            {query.data.items.map((token) => (
              <Row key={token.name} token={token} use={uses.find((use) => use.name === token.name)} />
            ))}
          </Table>
        )}
      </Card>
    </>
  );
}

function Row({ token: { name, spec }, use }: { token: Token; use: TokenUse | undefined }) {
  const { t } = useTranslation();
  const words = useGrantWords();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeToken(name),
    onSettled: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const { expires } = spec;
  return (
    <tr>
      <td>
        <b>{name}</b>
        {spec.title ? <div className={style.quiet}>{spec.title}</div> : null}
        {revoke.error ? <ProblemBox error={revoke.error} /> : null}
      </td>
      <td data-nowrap>{words.role(spec.role)}</td>
      <td className={style.scope}>{words.scope(spec.scope)}</td>
      <td data-nowrap>
        {expires ? (
          Date.parse(expires) > Date.now() ? (
            <Until at={expires} />
          ) : (
            <Ago at={expires} />
          )
        ) : (
          t("time.never")
        )}
      </td>
      <td data-nowrap>
        <Ago at={use?.last} />
      </td>
      <td data-wide data-quiet>
        {use?.from.join(", ")}
      </td>
      <td>
        <Button
          size="compact-sm"
          variant="default"
          loading={revoke.isPending}
          aria-label={t("users.token.revoke_of", { name })}
          onClick={() => revoke.mutate()}
        >
          {t("users.token.revoke")}
        </Button>
      </td>
    </tr>
  );
}
