/** The tree beside the question that people have: who would be told? */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { routeTree } from "../../api/told";
import { Card } from "../../parts/Card";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import style from "./Routes.module.css";
import { Tree } from "./Tree";
import { Who } from "./Who";

export function Told() {
  const { t } = useTranslation();
  const query = useQuery(routeTree());
  return (
    <div className={style.two}>
      <div>
        <Stale query={query} title={t("routes.tree_failed")} />
        <Card title={t("routes.tree_title")} note={t("routes.tree_note")}>
          {query.data === undefined ? query.error ? null : <Loading /> : <Tree root={query.data} />}
        </Card>
      </div>
      <Card title={t("routes.who.title")} note={t("routes.who.note")}>
        <Who />
      </Card>
    </div>
  );
}
