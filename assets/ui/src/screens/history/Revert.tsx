/** The way back: what undoing would do, then doing it. */
import { Button, type ButtonProps } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { foreseeRevert, type Reverted, revert } from "../../api/changes";
import { Problem } from "../../api/http";
import type { Plan } from "../../api/types";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { useKindWords } from "../../parts/kindWords";

interface RevertProps extends ButtonProps {
  what: Reverted;
  label: string;
  done: () => void;
}

export function Revert({ what, label, done, ...button }: RevertProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  // Objects that changed since refuse to go back until somebody says that this may be lost.
  const [force, setForce] = useState(false);
  const wanted = { ...what, force };
  const words = useKindWords();
  const { revision, object } = what;
  const subject = object ? words.within(object.kind, object.name) : undefined;

  const foresee = async (): Promise<Plan> => {
    try {
      return await foreseeRevert(wanted);
    } catch (problem) {
      if (!(problem instanceof Problem) || ![409, 412].includes(problem.status) || force) throw problem;
      setForce(true);
      const plan = await foreseeRevert({ ...what, force: true });
      return { ...plan, warnings: [t("history.changed_since"), ...plan.warnings] };
    }
  };

  return (
    <>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        onClick={() => {
          setForce(false);
          setAsked(true);
        }}
        {...button}
      >
        {label}
      </Button>
      {asked ? (
        <ApplyDialog
          title={
            subject === undefined
              ? t("history.revert_title", { revision: what.revision })
              : t("history.revert_one_title", { revision: what.revision, object: subject })
          }
          // Only names what is asked about: the plan comes from the server.
          documents={[{ kind: "revision", name: `${what.revision} ${subject ?? ""}`, delete: true }]}
          foresee={foresee}
          write={(why) => revert(wanted, why)}
          said={
            object
              ? t("history.reverted_part", { revision, object: words.called(object.kind, object.name) })
              : t("history.reverted", { revision })
          }
          close={() => setAsked(false)}
          done={() => {
            setAsked(false);
            done();
          }}
        />
      ) : null}
    </>
  );
}
