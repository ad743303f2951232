/** One row a department, unfolded into its projects. */
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconFolders } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DepartmentHealth, Overview, ProjectHealth } from "../../api/types";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";
import { Delivered, Firing, nameOf, ProjectName, Trend, UntoldSince, UpCount } from "../projects/cells";
import { StateChip } from "../projects/StateChip";
import style from "./Home.module.css";

/** So few projects are shown without being asked for. */
const FEW = 12;

export function Departments({ data }: { data: Overview }) {
  const { t } = useTranslation();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const few = data.total <= FEW;
  const flip = (name: string) => {
    const [set, change] = few ? [folded, setFolded] : [unfolded, setUnfolded];
    const next = new Set(set);
    if (!next.delete(name)) next.add(name);
    change(next);
  };
  const isOpen = (name: string) => (few ? !folded.has(name) : unfolded.has(name));
  if (data.departments.length === 0) {
    return (
      <Card title={t("projects.home.departments")} flush>
        <Empty icon={IconFolders} title={t("projects.empty")} text={t("projects.empty_text")} />
      </Card>
    );
  }
  return (
    <Card title={t("projects.home.departments")} note={t("home.projects.count", { count: data.total })} flush>
      <Table
        label={t("projects.home.departments")}
        head={
          <tr>
            <th>{t("projects.column.state")}</th>
            <th>{t("dimension.department")}</th>
            <th data-number>{t("projects.column.targets")}</th>
            <th>{t("projects.column.firing")}</th>
            <th data-wide>{t("projects.column.untold")}</th>
            <th data-wide data-number>
              {t("projects.column.delivered")}
            </th>
            <th data-wide>{t("projects.column.trend")}</th>
          </tr>
        }
      >
        {data.departments.map((department) => {
          const name = department.department?.name ?? "";
          const open = isOpen(name);
          const own = data.items.filter((project) => (project.department?.name ?? "") === name);
          return (
            <Fragment key={name}>
              <DepartmentRow department={department} open={open} flip={() => flip(name)} />
              {own.map((project) => (
                <ProjectRow key={project.project} project={project} open={open} />
              ))}
            </Fragment>
          );
        })}
      </Table>
    </Card>
  );
}

interface DepartmentRowProps {
  department: DepartmentHealth;
  open: boolean;
  flip: () => void;
}

function DepartmentRow({ department, open, flip }: DepartmentRowProps) {
  const { t } = useTranslation();
  const Arrow = open ? IconChevronDown : IconChevronRight;
  const count = Object.values(department.projects).reduce((all, n) => all + n, 0);
  const ill = count - (department.projects.ok ?? 0);
  return (
    <tr className={style.department}>
      <td>
        <StateChip state={department.state} />
      </td>
      <td>
        <UnstyledButton className={style.fold} aria-expanded={open} onClick={flip}>
          <Arrow size={16} aria-hidden />
          {nameOf(department.department) || t("projects.home.no_department")}
        </UnstyledButton>
        <span className={cells.sub}>
          {[
            nameOf(department.owner),
            ill === 0
              ? t("home.projects.count", { count })
              : t("projects.home.not_well", { count: ill, total: count }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </td>
      <Numbers of={department} />
    </tr>
  );
}

/** A folded row is hidden on the screen, but printed. */
function ProjectRow({ project, open }: { project: ProjectHealth; open: boolean }) {
  return (
    <tr className={style.of} data-folded={!open || undefined}>
      <td>
        <StateChip state={project.state} />
      </td>
      <td className={style.indented}>
        <ProjectName project={project} />
        <span className={cells.sub}>{nameOf(project.owner)}</span>
      </td>
      <Numbers of={project} />
    </tr>
  );
}

function Numbers({ of }: { of: DepartmentHealth | ProjectHealth }) {
  return (
    <>
      <td data-number>
        <UpCount of={of} />
      </td>
      <td>
        <Firing of={of} />
      </td>
      <td data-wide>
        <UntoldSince of={of} />
      </td>
      <td data-wide data-number>
        <Delivered of={of} />
      </td>
      <td data-wide>
        <Trend of={of} />
      </td>
    </>
  );
}
