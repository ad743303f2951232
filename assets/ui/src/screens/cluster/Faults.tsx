/** What an operator should look at. Nothing at all where there is nothing. */
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { address } from "../../api/http";
import type { Fault } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Table } from "../../parts/Table";

export function Faults({ faults }: { faults: Fault[] }) {
  const { t } = useTranslation();
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
            <td>{fault.message}</td>
            <td data-quiet data-nowrap>
              <Ago at={fault.since} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
