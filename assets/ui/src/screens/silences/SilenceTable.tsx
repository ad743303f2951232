/** Silences in a table, each with what can be done about it. */
import { Menu, UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBellOff,
  IconCircleCheck,
  IconClock,
  IconDots,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ObservedSilence, SilenceState } from "../../api/told";
import { useMayChange } from "../../app/session";
import { Ago } from "../../parts/Ago";
import { Chip, type Tone } from "../../parts/Chip";
import { ofSilence } from "../../parts/matchers";
import { Table } from "../../parts/Table";
import { Until } from "../../parts/Until";
import { type SilenceAct, SilenceDialog } from "./SilenceDialog";
import style from "./Silences.module.css";

export function SilenceTable({ silences }: { silences: readonly ObservedSilence[] }) {
  const { t } = useTranslation();
  const [act, setAct] = useState<SilenceAct | null>(null);
  return (
    <>
      <Table
        label={t("silences.title")}
        head={
          <tr>
            <th>{t("silences.column.state")}</th>
            <th>{t("silences.column.what")}</th>
            <th data-number>{t("silences.column.hides")}</th>
            <th>{t("silences.column.ends")}</th>
            <th>{t("silences.column.why")}</th>
            <th>{t("silences.column.actions")}</th>
          </tr>
        }
      >
        {silences.map((silence) => (
          <Row key={silence.name} silence={silence} start={setAct} />
        ))}
      </Table>
      {act ? <SilenceDialog act={act} close={() => setAct(null)} /> : null}
    </>
  );
}

const looks: Record<SilenceState, [Tone, TablerIcon]> = {
  active: ["info", IconBellOff],
  pending: ["pending", IconClock],
  expired: ["muted", IconCircleCheck],
};

function Row({ silence, start }: { silence: ObservedSilence; start: (act: SilenceAct) => void }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[silence.state];
  return (
    <tr data-quiet={silence.state === "expired" || undefined}>
      <td>
        <Chip tone={tone} icon={icon} text={t(`silences.state.${silence.state}`)} />
      </td>
      <td className={style.what}>
        <Link to="/silences/$name" params={{ name: silence.name }} search={true} className={style.link}>
          {silence.matchers.map((matcher) => {
            const { name, op, value } = ofSilence(matcher);
            return (
              <code key={`${name}${op}${value}`} className={style.matcher}>
                {`${name}${op}"${value}"`}
              </code>
            );
          })}
        </Link>
        <Trouble silence={silence} />
      </td>
      <td data-number>{silence.state === "active" ? silence.hides : t("form.none")}</td>
      <td data-nowrap>
        {silence.state === "expired" ? (
          <Ago at={silence.ends_at} />
        ) : silence.state === "pending" ? (
          <span>
            {t("silences.begins")} <Until at={silence.starts_at} />
          </span>
        ) : (
          <Until at={silence.ends_at} soon />
        )}
      </td>
      <td className={style.why}>
        {silence.comment}
        <div className={style.by}>{t("silences.by", { name: silence.by })}</div>
      </td>
      <td data-nowrap>
        <Actions silence={silence} start={start} />
      </td>
    </tr>
  );
}

/** It is declared, but not everywhere in force. */
function Trouble({ silence }: { silence: ObservedSilence }) {
  const { t } = useTranslation();
  if (silence.state !== "active" || (silence.missing_on.length === 0 && !silence.error)) return null;
  return (
    <span className={style.trouble}>
      <IconAlertTriangle size={14} aria-hidden />
      {silence.missing_on.length > 0
        ? t("silences.missing_on", { nodes: silence.missing_on.join(", ") })
        : silence.error}
    </span>
  );
}

function Actions({ silence, start }: { silence: ObservedSilence; start: (act: SilenceAct) => void }) {
  const { t } = useTranslation();
  const may = useMayChange("silence");
  if (!may) return null;
  const over = silence.state === "expired";
  return (
    <span className={style.actions}>
      {over ? null : (
        <>
          <Small
            text={t("silences.hour")}
            label={t("silences.extend_hour")}
            act={() => start({ what: "hour", silence })}
          />
          <Small
            text={t("silences.day")}
            label={t("silences.extend_day")}
            act={() => start({ what: "day", silence })}
          />
          <Small
            text={t("silences.end")}
            label={t("silences.end_now")}
            act={() => start({ what: "end", silence })}
          />
        </>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <UnstyledButton className={style.small} aria-label={t("silences.more", { name: silence.name })}>
            <IconDots size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            renderRoot={(props) => <Link to="/silences/new" search={{ from: silence.name }} {...props} />}
          >
            {t("silences.copy")}
          </Menu.Item>
          <Menu.Item
            renderRoot={(props) => (
              <Link to="/silences/$name" params={{ name: silence.name }} search={true} {...props} />
            )}
          >
            {t("action.edit")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

function Small({ text, label, act }: { text: string; label: string; act: () => void }) {
  return (
    <UnstyledButton className={style.small} aria-label={label} title={label} onClick={act}>
      {text}
    </UnstyledButton>
  );
}
