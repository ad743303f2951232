/** Tokens that let machines in, as long as they are remembered. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { joinTokens, revokeJoinToken } from "../../api/members";
import type { JoinToken } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Fold } from "../../parts/Fold";
import { ProblemBox } from "../../parts/Problem";
import { Table } from "../../parts/Table";
import { Until } from "../../parts/Until";
import style from "./Cluster.module.css";

export function JoinTokens() {
  const { t } = useTranslation();
  const { data } = useQuery(joinTokens());
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div className={style.tokens}>
      <Fold title={t("cluster.tokens.title", { count: items.length })}>
        <Table
          label={t("cluster.tokens.label")}
          head={
            <tr>
              <th>{t("cluster.id")}</th>
              <th>{t("cluster.tokens.by")}</th>
              <th>{t("cluster.column.state")}</th>
              <th>{t("cluster.tokens.ends")}</th>
              <th data-number>{t("cluster.tokens.left")}</th>
              <th data-wide>{t("cluster.tokens.addresses")}</th>
              <th>{t("cluster.members.actions")}</th>
            </tr>
          }
        >
          {items.map((token) => (
            <Row key={token.id} token={token} />
          ))}
        </Table>
      </Fold>
    </div>
  );
}

function Row({ token }: { token: JoinToken }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeJoinToken(token.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["join-tokens"] }),
  });
  return (
    <tr>
      <td>
        <code>{token.id}</code>
        {revoke.error ? <ProblemBox error={revoke.error} /> : null}
      </td>
      <td>{token.by}</td>
      <td>{t(`cluster.tokens.state.${token.state}`)}</td>
      <td data-nowrap>
        {token.state === "expired" ? <Ago at={token.expires} /> : <Until at={token.expires} />}
      </td>
      <td data-number>{token.uses_left ?? t("cluster.tokens.any")}</td>
      <td data-wide>{token.addresses.length === 0 ? t("cluster.tokens.any") : token.addresses.join(", ")}</td>
      <td>
        <Button
          size="compact-sm"
          variant="default"
          loading={revoke.isPending}
          aria-label={t("cluster.tokens.revoke_of", { id: token.id })}
          onClick={() => revoke.mutate()}
        >
          {t("cluster.tokens.revoke")}
        </Button>
      </td>
    </tr>
  );
}
