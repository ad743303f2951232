/** Roles and where each holds, a row each; a row may begin with a field of its own. */
import { ActionIcon, Button, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { MatchersInput } from "../../parts/form/inputs";
import type { FieldProps } from "../../parts/form/useFields";
import { RoleSelect } from "./RoleSelect";
import style from "./Users.module.css";

export interface GrantRow {
  /** Tells rows apart while they are edited. */
  row: number;
  role: string;
  scope: string[];
}

interface GrantRowsProps<Row extends GrantRow> {
  title: string;
  help: string;
  /** Whether the help says that something is missing. */
  warns?: boolean;
  add: string;
  drop: (row: Row) => string;
  /** What an added row holds. */
  fresh: Omit<Row, "row">;
  rows: Row[];
  change: (rows: Row[]) => void;
  field: FieldProps;
  /** Whether every row has to say where. */
  somewhere?: boolean;
  first?: (row: Row, set: (part: Partial<Row>) => void) => ReactNode;
}

export function GrantRows<Row extends GrantRow>(props: GrantRowsProps<Row>) {
  const { title, help, warns = false, add, drop, fresh, rows, change, somewhere = false, first } = props;
  const { id, error, onBlur } = props.field;
  const { t } = useTranslation();
  const lacks = ({ scope }: Row) => somewhere && scope.length === 0;
  const append = () => {
    const row = 1 + Math.max(-1, ...rows.map((one) => one.row));
    change([...rows, { ...fresh, row } as Row]);
  };
  return (
    <fieldset className={style.groups} aria-label={title} id={id} tabIndex={-1}>
      <div>
        <Text fw={600} size="sm">
          {title}
        </Text>
        <Text size="xs" c={warns ? "var(--wk-warning)" : "dimmed"}>
          {help}
        </Text>
      </div>
      {rows.map((one) => {
        const set = (part: Partial<Row>) =>
          change(rows.map((other) => (other.row === one.row ? { ...other, ...part } : other)));
        return (
          <div key={one.row} className={style.group}>
            {first?.(one, set)}
            <RoleSelect short value={one.role} change={(role) => set({ role } as Partial<Row>)} />
            <MatchersInput
              label={t("users.scope")}
              value={one.scope}
              change={(scope) => set({ scope } as Partial<Row>)}
              field={{
                id: `${id}-${one.row}`,
                description: "",
                inputWrapperOrder: ["label", "input", "error"],
                onBlur,
                ...(error && lacks(one) ? { error } : {}),
              }}
            />
            <ActionIcon
              className={style.drop ?? ""}
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={drop(one)}
              onClick={() => change(rows.filter((other) => other.row !== one.row))}
            >
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          </div>
        );
      })}
      {error && !rows.some(lacks) ? (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      ) : null}
      <Button
        variant="default"
        size="xs"
        style={{ justifySelf: "start" }}
        leftSection={<IconPlus size={15} aria-hidden />}
        onClick={append}
      >
        {add}
      </Button>
    </fieldset>
  );
}
