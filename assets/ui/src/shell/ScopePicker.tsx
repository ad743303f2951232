/** Department, project, owner, environment: in the URL, over every list, count and graph. */
import { Popover, Skeleton, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { isScoped, projects, type Scope, scopeKeys } from "../api/queries";
import { useScope } from "../app/useScope";
import style from "./ScopePicker.module.css";

const load = () => import("./ScopeFields");
const ScopeFields = lazy(load);

export function ScopePicker() {
  const { t } = useTranslation();
  const scope = useScope();
  const navigate = useNavigate();
  const [open, { toggle, close }] = useDisclosure(false);
  const { data } = useQuery(projects());

  const set = (change: Scope) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change, page: undefined }) });
  const chosen = scopeKeys.flatMap((key) => (scope[key] === undefined ? [] : [scope[key]]));

  return (
    <Popover
      opened={open}
      onChange={toggle}
      position="bottom-start"
      width={320}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton
          className={style.button}
          data-on={isScoped(scope) || undefined}
          onClick={toggle}
          onMouseEnter={() => void load()}
          onFocus={() => void load()}
        >
          <IconFilter size={16} aria-hidden />
          <span className={style.word}>{t("scope.title")}</span>
          <span className={style.value}>{chosen.length === 0 ? t("scope.all") : chosen.join(" › ")}</span>
          <IconChevronDown size={15} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("scope.about")}>
        <Suspense fallback={<Skeleton height={340} />}>
          <ScopeFields scope={scope} projects={data?.items ?? []} set={set} close={close} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
