/** How the newest notifications went: the last success, and the last failure since. */
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Receipt } from "../api/types";
import { Ago } from "./Ago";
import style from "./LastSent.module.css";
import { answerOf, isTold, sentAt } from "./receipt";

/** Newest first; `undefined` while they are not read. */
export function LastSent({ receipts }: { receipts: readonly Receipt[] | undefined }) {
  const { t } = useTranslation();
  if (receipts === undefined) return null;
  const good = receipts.find(isTold);
  const bad = receipts.find(({ state }) => state === "failed");
  const failed = bad && (!good || sentAt(bad) > sentAt(good)) ? bad : undefined;
  if (!good && !failed) return <span className={style.quiet}>{t("sent.never")}</span>;
  return (
    <span className={style.last}>
      {failed ? (
        <span className={style.bad}>
          <IconAlertTriangle size={15} aria-hidden />
          <span>
            {t("sent.failed")} <Ago at={sentAt(failed)} />
            {answerOf(failed) === "" ? null : <span className={style.answer}>{answerOf(failed)}</span>}
          </span>
        </span>
      ) : null}
      {good ? (
        <span className={style.good}>
          <IconCircleCheck size={15} aria-hidden />
          <span>
            {t("sent.delivered")} <Ago at={sentAt(good)} />
          </span>
        </span>
      ) : null}
    </span>
  );
}
