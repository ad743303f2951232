/** Follows the chain of hashes and says what was found. */
import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertOctagonFilled, IconShieldCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { verifyAudit } from "../../api/audit";
import type { Verified } from "../../api/types";
import { CopyButton } from "../../parts/Copy";
import { Dialog } from "../../parts/Dialog";
import { Loading } from "../../parts/Loading";
import { ProblemBox } from "../../parts/Problem";
import style from "./Audit.module.css";

export function Verify() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const verify = useMutation({ mutationFn: verifyAudit });
  return (
    <>
      <Button
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        onClick={() => {
          setAsked(true);
          verify.mutate();
        }}
      >
        {t("audit.verify")}
      </Button>
      {asked ? (
        <Dialog opened title={t("audit.verify_title")} close={() => setAsked(false)} size={560}>
          {verify.error ? <ProblemBox error={verify.error} retry={() => verify.mutate()} /> : null}
          {verify.isPending ? <Loading /> : null}
          {verify.data ? <Verdict found={verify.data} /> : null}
        </Dialog>
      ) : null}
    </>
  );
}

function Verdict({ found }: { found: Verified }) {
  const { t } = useTranslation();
  const head = `${found.last}:${found.head}`;
  return (
    <Stack gap="sm" role="status">
      {found.ok ? (
        <div>
          <Text fw={650}>
            <IconShieldCheck size={18} aria-hidden className={style.holds} />{" "}
            {t("audit.holds", { count: found.n_records })}
          </Text>
          <Text size="sm">{t("audit.holds_from", { first: found.first, last: found.last })}</Text>
        </div>
      ) : (
        <Alert
          color="red"
          variant="outline"
          icon={<IconAlertOctagonFilled aria-hidden />}
          title={t("audit.broken", { seq: found.broken })}
        >
          {found.reason}
        </Alert>
      )}
      <Text size="sm">{t("audit.write_down")}</Text>
      <div className={style.head}>
        <code className={style.hash}>{head}</code>
        <CopyButton value={head} />
      </div>
    </Stack>
  );
}
