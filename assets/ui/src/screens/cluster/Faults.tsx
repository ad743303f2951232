/** What an operator should look at. Nothing at all where there is nothing. */
import { Anchor, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { dismissFault } from "../../api/changes";
import { address } from "../../api/http";
import type { Fault } from "../../api/types";
import { useMayEverywhere } from "../../app/session";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { useProblemText } from "../../parts/problemText";
import { Table } from "../../parts/Table";

/** Stays until its object is changed or somebody has seen it; the others go with their cause. */
const KEPT = "WK-3018";

export function Faults({ faults }: { faults: Fault[] }) {
  const { t } = useTranslation();
  const may = useMayEverywhere("operator");
  if (faults.length === 0) return null;
  return (
    <Card title={t("cluster.faults")} note={t("cluster.faults_count", { count: faults.length })} flush>
      <Table
        label={t("cluster.faults")}
        head={
          <tr>
            <th>{t("cluster.column.code")}</th>
            <th>{t("cluster.column.object")}</th>
            <th>{t("cluster.column.message")}</th>
            <th>{t("cluster.column.since")}</th>
          </tr>
        }
      >
        {faults.map((fault) => (
          <tr key={`${fault.code} ${fault.object}`}>
            <td data-nowrap>
              <Anchor href={address(`/help/${fault.code}`)} target="_blank" rel="noreferrer" size="sm">
                {fault.code}
              </Anchor>
            </td>
            <td>{fault.object}</td>
            <td>
              {fault.message} {fault.code === KEPT && may ? <Dismiss fault={fault} /> : null}
            </td>
            <td data-quiet data-nowrap>
              <Ago at={fault.since} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Dismiss({ fault }: { fault: Fault }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const dismiss = useMutation({
    mutationFn: () => dismissFault(fault.code, fault.object ?? ""),
    onSettled: () => queries.invalidateQueries({ queryKey: ["status"] }),
  });
  const problem = useProblemText(dismiss.error);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={dismiss.isPending}
        onClick={() => dismiss.mutate()}
      >
        {t("cluster.fault_dismiss")}
      </Button>
      {dismiss.error ? <div role="alert">{problem}</div> : null}
    </>
  );
}
