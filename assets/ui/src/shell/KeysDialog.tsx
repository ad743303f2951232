/** The keys of this screen; loaded when somebody asks with `?`. */
import { Checkbox, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";
import style from "./KeysDialog.module.css";
import { areKeysOff, switchKeys, useListedKeys } from "./keys";

export default function KeysDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const keys = useListedKeys();
  const [off, setOff] = useState(areKeysOff);
  return (
    <Dialog opened title={t("keys.title")} close={close}>
      <Stack gap="md">
        <dl className={style.keys}>
          {keys.map(({ key, text }) => (
            <div key={key}>
              <dt>
                {key.split(" ").map((part) => (
                  <kbd key={part}>{part}</kbd>
                ))}
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <Checkbox
          label={t("keys.on")}
          checked={!off}
          onChange={(event) => {
            switchKeys(event.currentTarget.checked);
            setOff(!event.currentTarget.checked);
          }}
        />
      </Stack>
    </Dialog>
  );
}
