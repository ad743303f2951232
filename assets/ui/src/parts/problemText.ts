/** An error as one sentence: translated by its code, else in the server's words. */
import { useTranslation } from "react-i18next";
import { Problem } from "../api/http";

export function useProblemText(error: unknown): string {
  const { t, i18n } = useTranslation();
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : t("problem.unknown");
  if (error.unreachable) return t("problem.unreachable");
  const key = `problem.code.${error.code ?? ""}`;
  if (error.code && i18n.exists(key)) return i18n.t(key as never) as string;
  return error.message === "" ? t("problem.status", { status: error.status }) : error.message;
}
