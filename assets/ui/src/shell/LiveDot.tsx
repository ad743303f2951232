/** Whether what is shown follows the server. */
import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import style from "./LiveDot.module.css";
import { useLive } from "./live";

export function LiveDot() {
  const { t } = useTranslation();
  const { state } = useLive();
  return (
    <Tooltip label={t(`live.about.${state}`)}>
      <span className={style.live} data-state={state}>
        <span className={style.dot} aria-hidden="true" />
        <span className={style.word}>{t(`live.state.${state}`)}</span>
      </span>
    </Tooltip>
  );
}
