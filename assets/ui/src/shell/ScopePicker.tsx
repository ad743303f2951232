/** Department, project, owner, environment: in the URL, over every list, count and graph. */
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconFilter } from "@tabler/icons-react";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { isScoped, scopeKeys } from "../api/queries";
import { useMayEverywhere } from "../app/session";
import { useScope } from "../app/useScope";
import { OnDemand } from "./OnDemand";
import style from "./ScopePicker.module.css";

const load = () => import("./ScopeFields");
const ScopeFields = lazy(load);

export function ScopePicker() {
  const { t } = useTranslation();
  const scope = useScope();
  const everything = useMayEverywhere("viewer") ? t("scope.all") : t("scope.mine");
  const chosen = scopeKeys.flatMap((key) => (scope[key] === undefined ? [] : [scope[key]]));
  return (
    <OnDemand
      kind="dialog"
      load={load}
      content={ScopeFields}
      button={
        <UnstyledButton className={style.button} data-on={isScoped(scope) || undefined}>
          <IconFilter size={16} aria-hidden />
          <span className={style.word}>{t("scope.title")}</span>
          <span className={style.value}>{chosen.length === 0 ? everything : chosen.join(" › ")}</span>
          <IconChevronDown size={15} aria-hidden />
        </UnstyledButton>
      }
    />
  );
}
